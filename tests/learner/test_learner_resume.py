"""Put down and taken up again, a training is the same to the last bit: also where it was killed."""

import os
import pickle
import random
import signal
from pathlib import Path

import numpy as np
import pytest
import torch
from learner_models import everything, learner, mlp, numbers, same
from torch import nn

from auscult.errors import LearnerError
from auscult.learner import (
    Callback,
    Checkpoint,
    EarlyStop,
    GradientClip,
    History,
    Learner,
    MixedPrecision,
    Scheduler,
)
from programs import run_python

SCRIPT = """
import json, os, signal, sys
sys.path.insert(0, {here!r})
import torch
from learner_models import learner, numbers
from auscult.learner import Callback

class Kill(Callback):
    order = 2000  # after the checkpoint
    def after_epoch(self, fit):
        if len(fit.learner.table) == {epochs}:
            os.kill(os.getpid(), signal.SIGKILL)

learn = learner(noisy=True, generator=True)
learn.fit_one_cycle(4, 1e-2, checkpoint="kept", resume=True, callbacks=[Kill()])
torch.save([numbers(learn), learn.model.state_dict(), learn.optimizer.state_dict(), torch.get_rng_state()], "end.pt")
"""


class Breaks(Callback):
    order = 2000

    def __init__(self, after):
        self.after = after

    def after_epoch(self, fit):
        if len(fit.learner.table) == self.after:
            raise ConnectionError("the plug was pulled")


def scramble():
    """Other streams than any training's."""
    torch.manual_seed(99)
    np.random.seed(98)
    random.seed(97)


def test_killed_between_epochs(tmp_path):
    """A program killed with SIGKILL after two epochs and run again ends as a training that was not."""
    for epochs in (2, None):
        code = SCRIPT.format(here=str(Path(__file__).parent), epochs=epochs)
        done = run_python("-c", code)
        assert done.returncode == (-signal.SIGKILL if epochs else 0), done.stderr
    whole = learner(noisy=True, generator=True)
    whole.fit_one_cycle(4, 1e-2)
    end = torch.load(tmp_path / "end.pt")
    assert len(end[0]) == 4
    state = whole.model.state_dict(), whole.optimizer.state_dict(), torch.get_rng_state()
    assert same(end, [numbers(whole), *state])


def adam_in_halves(p, lr):
    return torch.optim.AdamW([{"params": p[:3], "lr": lr}, {"params": p[3:], "lr": lr / 2}], lr=lr)


KINDS = {
    "adam": dict,
    "groups and momentum": lambda: {"opt": adam_in_halves, "accumulate": 2},
    "scaled, clipped, stopped early": lambda: {
        "callbacks": [MixedPrecision(torch.float16), GradientClip(0.5), EarlyStop(patience=2)]
    },
    "scheduled": lambda: {
        "callbacks": [Scheduler(lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 16), "step")]
    },
    "on a plateau": lambda: {
        "callbacks": [Scheduler(lambda o: torch.optim.lr_scheduler.ReduceLROnPlateau(o, patience=0))]
    },
    "a loss with a state": lambda: {"loss": Centred()},
}  # fmt: skip


class Centred(nn.Module):
    """A loss that carries something from batch to batch."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(()))

    def forward(self, outputs, targets):
        loss = nn.functional.cross_entropy(outputs, targets)
        if torch.is_grad_enabled():
            self.mean.mul_(0.9).add_(0.1 * loss.detach())
        return loss * (1 + self.mean)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("one_cycle", [False, True])
def test_resumed_after_any_epoch(kind, one_cycle, tmp_path):
    def go(learn, **kwargs):
        run = learn.fit_one_cycle if one_cycle else learn.fit
        run(4, 1e-2, **kwargs)

    whole = learner(noisy=True, generator=True, **KINDS[kind]())
    go(whole)
    for after in (1, 3):
        broken = learner(noisy=True, generator=True, **KINDS[kind]())
        folder = tmp_path / str(after)
        with pytest.raises(ConnectionError):
            go(broken, checkpoint=folder, callbacks=[Breaks(after)])
        again = learner(noisy=True, generator=True, **KINDS[kind]())
        again.model[0].weight.data.fill_(7.0)
        scramble()
        go(again, checkpoint=folder, resume=True)
        assert same(numbers(whole), numbers(again))
        assert same(everything(whole), everything(again))


def test_resuming_what_is_over_changes_nothing_more(tmp_path):
    kwargs = {"checkpoint": tmp_path, "resume": True}
    learn = learner(noisy=True)
    learn.fit(2, 1e-2, **kwargs)  # there is nothing to resume: it begins
    again = learner(noisy=True)
    again.fit(2, 1e-2, **kwargs)
    assert same(everything(learn), everything(again))
    stopped = learner(callbacks=[EarlyStop(min_delta=9, patience=1)])
    stopped.fit(9, 1e-2, checkpoint=tmp_path / "s", resume=True)
    again = learner(callbacks=[EarlyStop(min_delta=9, patience=1)])
    again.fit(9, 1e-2, checkpoint=tmp_path / "s", resume=True)
    assert stopped.stopped
    assert again.stopped == stopped.stopped
    assert len(again.table) == 2
    assert same(stopped.model.state_dict(), again.model.state_dict())


def test_history_is_whole_after_a_resume(tmp_path):
    for kind in (Breaks(1), History(tmp_path / "h.csv")):
        learn = learner()
        try:
            learn.fit(3, 1e-2, checkpoint=tmp_path, resume=True, callbacks=[kind])
        except ConnectionError:
            assert isinstance(kind, Breaks)
    assert len((tmp_path / "h.csv").read_text().splitlines()) == 4


def test_saved_and_loaded(tmp_path):
    learn = learner(noisy=True, generator=True)
    learn.fit(1, 1e-2)
    learn.save(tmp_path / "a" / "b.pt")
    learn.fit(2, 1e-2)
    other = learner(noisy=True, generator=True, seed=5)
    scramble()
    other.load(tmp_path / "a" / "b.pt")
    other.fit(2, 1e-2)
    assert same(everything(learn), everything(other))
    assert torch.load(tmp_path / "a" / "b.pt", weights_only=True)["step"] == 4
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["b.pt"]


def test_a_checkpoint_of_a_fit_can_be_loaded(tmp_path):
    learn = learner()
    learn.fit_one_cycle(2, 1e-2, checkpoint=tmp_path)
    other = learner(seed=4)
    other.load(tmp_path / "last.pt")
    assert same(dict(learn.model.state_dict()), dict(other.model.state_dict()))
    assert numbers(learn) == numbers(other)


def test_every_nth_epoch_and_the_last(tmp_path):
    written = []

    class Look(Callback):
        order = 2000

        def after_epoch(self, fit):
            done = torch.load(tmp_path / "last.pt")["fit"]["done"] if (tmp_path / "last.pt").exists() else 0
            written.append(done)

    learner().fit(5, 1e-2, checkpoint=Checkpoint(tmp_path, every=2), callbacks=[Look()])
    assert written == [0, 2, 2, 4, 5]


def test_what_a_state_dict_leaves_out_is_kept(tmp_path):
    def made():
        learn = learner()
        learn.model.register_buffer("seen", torch.zeros(3), persistent=False)
        return learn

    learn, other = made(), made()
    learn.model.seen.fill_(5.0)
    learn.save(tmp_path / "c.pt")
    other.load(tmp_path / "c.pt")
    assert other.model.seen.tolist() == [5.0] * 3


class Wide(torch.optim.SGD):
    """Keeps a state in a wider dtype than its parameters'."""

    def step(self, closure=None):
        for p in self.param_groups[0]["params"]:
            self.state[p].setdefault("sum", torch.full_like(p, 1 / 3, dtype=torch.float64))


def test_an_optimizers_state_keeps_its_dtype(tmp_path):
    learn, other = learner(opt=Wide), learner(opt=Wide)
    learn.fit(1)
    learn.save(tmp_path / "c.pt")
    other.load(tmp_path / "c.pt")
    assert same(learn.optimizer.state_dict(), other.optimizer.state_dict())


# -- what cannot be used ------------------------------------------------------------------------------------------


def damaged(path, how):
    bytes_ = bytearray(path.read_bytes())
    if how == "cut":
        del bytes_[len(bytes_) // 2 :]
    elif how == "flipped":
        at = bytes_.find(torch.load(path)["model"]["0.weight"].numpy().tobytes())
        bytes_[at + 5] ^= 1
    elif how == "empty":
        bytes_.clear()
    elif how == "text":
        bytes_ = bytearray(b"hello")
    path.write_bytes(bytes_)


@pytest.mark.parametrize("how", ["cut", "flipped", "empty", "text"])
@pytest.mark.parametrize("way", ["load", "resume"])
def test_a_damaged_file_changes_nothing(how, way, tmp_path):
    learn = learner()
    learn.fit(1, 1e-2, checkpoint=tmp_path)
    damaged(tmp_path / "last.pt", how)
    before = everything(learn)
    with pytest.raises(LearnerError, match=r"last\.pt is damaged.*(take|begin)") as caught:
        learn.load(tmp_path / "last.pt") if way == "load" else learn.fit(1, 1e-2, checkpoint=tmp_path, resume=True)
    assert "\n" not in str(caught.value)
    assert same(before, everything(learn))


class Evil:
    def __reduce__(self):
        return os.mkdir, ("ran",)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ({"model": 1}, "is not a Learner's checkpoint"),
        ([1, 2], "is not a Learner's checkpoint"),
        ({"what": "auscult learner", "version": 99}, "is of format 99, this auscult reads 1"),
        ({"what": "auscult learner", "version": 1}, "has no model"),
        (Evil(), "holds more than numbers"),
    ],
)
def test_a_foreign_file_is_not_run_and_changes_nothing(content, what, tmp_path):
    torch.save(content, tmp_path / "f.pt")
    learn = learner()
    before = everything(learn)
    with pytest.raises(LearnerError, match=what):
        learn.load(tmp_path / "f.pt")
    assert not Path("ran").exists()
    assert same(before, everything(learn))


def test_a_plain_pickle_and_no_file_and_a_folder(tmp_path):
    (tmp_path / "p.pkl").write_bytes(pickle.dumps({"a": 1}))
    for path, what in (
        ("p.pkl", "damaged or no checkpoint"),
        ("none.pt", "there is no checkpoint"),
        (".", "cannot read"),
    ):
        with pytest.raises(LearnerError, match=what):
            learner().load(tmp_path / path)


def another_model():
    learn = learner()
    return Learner(mlp()[:3], learn.splits["train"], None, learn.loss, torch.optim.Adam, quiet=True)


def another_size():
    learn = learner()
    model = mlp()
    model[4] = nn.Linear(16, 4)
    return Learner(model, learn.splits["train"], None, learn.loss, torch.optim.Adam, quiet=True)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (another_model, "only the checkpoint has 4.weight; give the model"),
        (another_size, r"4.weight is float32 \(3, 16\) in the checkpoint and float32 \(4, 16\) in the model"),
        (lambda: learner(opt=torch.optim.SGD), "the checkpoint's optimizer is Adam, this one is SGD"),
        (lambda: learner(opt=adam_in_halves), "has 6 tensors, this one groups of 3, 3 tensors"),
        (lambda: learner(loss=Centred()), "only the loss has mean"),
    ],
)
def test_another_trainings_checkpoint_changes_nothing(make, what, tmp_path):
    learner().save(tmp_path / "c.pt")
    learn = make()
    before = everything(learn)
    with pytest.raises(LearnerError, match=what):
        learn.load(tmp_path / "c.pt")
    assert same(before, everything(learn))


def test_a_callback_that_is_missing(tmp_path):
    learner(callbacks=[EarlyStop()]).save(tmp_path / "c.pt")
    with pytest.raises(LearnerError, match="holds the state of EarlyStop; give the learner that callback too"):
        learner().load(tmp_path / "c.pt")


class Refuses(Callback):
    def state(self):
        return {"one": 1}

    def load_state(self, state):
        if state["one"] == 1 and not getattr(self, "asked", False):
            self.asked = True
            raise ValueError("not me")


def test_what_refuses_half_way_leaves_the_learner_as_it_was(tmp_path):
    learn = learner(callbacks=[Refuses()])
    learn.fit(1, 1e-2)
    learn.save(tmp_path / "c.pt")
    other = learner(callbacks=[Refuses()], seed=3)
    before = everything(other)
    with pytest.raises(LearnerError, match="cannot be loaded, ValueError: not me; the learner is as it was"):
        other.load(tmp_path / "c.pt")
    assert same(before, everything(other))


@pytest.mark.parametrize(
    ("again", "what"),
    [
        (lambda x, f: x.fit(3, 1e-2, checkpoint=f, resume=True), "with epochs 2, this one has 3"),
        (lambda x, f: x.fit(2, 1e-3, checkpoint=f, resume=True), r"with lr \[0.01\], this one has \[0.001\]"),
        (lambda x, f: x.fit_one_cycle(2, 1e-2, checkpoint=f, resume=True), "with kind fit, this one has fit_one_cycle"),
    ],
)
def test_another_fit_is_not_resumed(again, what, tmp_path):
    learner().fit(2, 1e-2, checkpoint=tmp_path)
    learn = learner()
    before = everything(learn)
    with pytest.raises(LearnerError, match=what):
        again(learn, tmp_path)
    assert same(before, everything(learn))


def test_what_was_saved_outside_a_fit_is_loaded_not_resumed(tmp_path):
    learner().save(tmp_path / "last.pt")
    with pytest.raises(LearnerError, match="was saved outside a fit"):
        learner().fit(2, checkpoint=tmp_path, resume=True)


class Odd(Callback):
    def state(self):
        return {"thing": Evil()}


def test_what_cannot_be_kept_is_refused_before_it_is_written(tmp_path):
    with pytest.raises(LearnerError, match="the callbacks state holds a Evil, which a checkpoint cannot"):
        learner(callbacks=[Odd()]).save(tmp_path / "c.pt")
    assert not list(tmp_path.glob("*.pt"))


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_one_before(error, tmp_path, monkeypatch):
    learn = learner()
    learn.save(tmp_path / "c.pt")
    kept = (tmp_path / "c.pt").read_bytes()
    save = torch.save

    def broken(what, file):
        if hasattr(file, "fileno") and not hasattr(file, "getvalue"):
            file.write(b"half")
            raise error
        save(what, file)

    monkeypatch.setattr(torch, "save", broken)
    expected = LearnerError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        learn.save(tmp_path / "c.pt")
    assert (tmp_path / "c.pt").read_bytes() == kept
    assert [p.name for p in tmp_path.iterdir() if p.suffix in (".pt", ".part")] == ["c.pt"]


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LearnerError, match="cannot write the checkpoint"):
        learner().save(tmp_path / "file" / "c.pt")
    with pytest.raises(LearnerError, match="cannot write"):
        learner().fit(1, callbacks=[History(tmp_path / "file" / "h.csv")])
