"""The loop: the same as one written out, exact means, accumulation, batches of any form, and being watched."""

import math
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from learner_models import data, everything, learner, loaders, mlp, numbers, same
from torch import nn

import auscult
from auscult.learner import Callback, GradientClip, Learner, MixedPrecision, Record, accuracy
from programs import run_auscult


def by_hand(epochs, lr):
    """The loop that anyone would write."""
    train, valid = loaders()
    model = mlp()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for x, y in train:
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            total += float(loss.detach().double()) * len(y)
        model.eval()
        state = torch.get_rng_state()
        with torch.no_grad():
            held_out = sum(float(F.cross_entropy(model(x), y).double()) * len(y) for x, y in valid) / 20
        torch.set_rng_state(state)
        losses.append({"train_loss": total / 50, "valid_loss": held_out})
    return model, losses


def test_the_same_as_a_loop_written_out():
    learn = learner()
    learn.fit(3, 1e-2)
    model, losses = by_hand(3, 1e-2)
    assert same(model.state_dict(), learn.model.state_dict())
    assert numbers(learn) == losses
    assert learn.step == 12


def test_validation_changes_nothing_of_the_training():
    with_it = learner(noisy=True)
    with_it.fit(2, 1e-2)
    without = learner(noisy=True, valid=False)
    without.fit(2, 1e-2)
    assert with_it.table.column("train_loss") == without.table.column("train_loss")
    assert same(with_it.model.state_dict(), without.model.state_dict())
    assert without.table.names == ("train_loss",)
    assert without.table[0].valid_loss is None


@pytest.mark.parametrize("callbacks", [[], [GradientClip(0.5)]])
def test_watching_changes_nothing_and_records_the_epochs(callbacks):
    plain = learner(metrics=accuracy, callbacks=callbacks)
    plain.fit(3, 1e-2)
    state = everything(plain)
    watched = learner(metrics=accuracy, callbacks=callbacks)
    watched.fit(3, 1e-2, watch=True)
    assert same(state, everything(watched))
    run = watched.recorder.run
    assert run.status == "finished"
    assert [e.data["number"] for e in run.events("epoch")] == [0, 1, 2]
    assert [e.step for e in run.events("epoch")] == [0, 4, 8]
    for name, kept in (("train_loss", "train_loss"), ("valid_loss", "valid_loss"), ("accuracy", "valid_accuracy")):
        seen = run.series("logged", kept)
        assert seen.steps.tolist() == [3, 7, 11]
        assert seen.values.tolist() == np.float32(watched.table.column(name)).tolist()


def test_a_recorder_of_ones_own():
    learn = learner()
    with auscult.watch(learn.model, learn.optimizer, name="mine") as recorder:
        learn.fit(2, 1e-2, callbacks=[Record(recorder)])
    assert (
        recorder.run.series("logged", "valid_loss").values.tolist()
        == np.float32(learn.table.column("valid_loss")).tolist()
    )
    assert len(recorder.run.series("loss")) == 8


def test_whoever_listens_is_told():
    learn, other = learner(metrics=accuracy), learner()
    with auscult.watch(learn.model) as recorder, auscult.watch(other.model) as elsewhere:
        learn.fit(2, 1e-2)
    for name, kept in (("train_loss", "train_loss"), ("valid_loss", "valid_loss"), ("accuracy", "valid_accuracy")):
        assert recorder.run.series("logged", kept).values.tolist() == np.float32(learn.table.column(name)).tolist()
    assert [e.data["number"] for e in recorder.run.events("epoch")] == [0, 1]
    assert elsewhere.run.steps == 0
    learn.fit(1)
    assert len(learn.table) == 3


def test_so_is_auscult_run(tmp_path):
    here = str(Path(__file__).parent)
    code = f"import sys; sys.path.insert(0, {here!r})\nfrom learner_models import learner\nlearner().fit(3, 1e-2)\n"
    (tmp_path / "train.py").write_text(code)
    assert run_auscult("run", "--quiet", "train.py").returncode == 0
    assert len(auscult.open_run("last").series("logged", "valid_loss")) == 3


def test_the_loss_watched_under_accumulation_is_the_mean_over_the_step():
    learn = learner(opt=torch.optim.SGD, accumulate=4)
    with auscult.watch(learn.model, learn.optimizer, every=1) as recorder:
        learn.fit(2, 1e-2)
    seen = recorder.run.series("loss").values
    assert seen == pytest.approx(learn.table.column("train_loss"), rel=1e-6)


def test_a_fit_that_fails_is_a_failed_run_and_leaves_a_learner_to_use():
    class Fails(Callback):
        def after_backward(self, fit):
            if fit.batch == 2:
                raise ZeroDivisionError("half way")

    learn = learner()
    learn.model[1].eval()
    modes = [m.training for m in learn.model.modules()]
    with pytest.raises(ZeroDivisionError):
        learn.fit(2, 1e-2, callbacks=[Fails()], watch=True)
    assert learn.recorder.closed
    assert auscult.open_run("last").status == "failed"
    assert [m.training for m in learn.model.modules()] == modes
    assert all(p.grad is None for p in learn.model.parameters())
    assert (len(learn.table), learn.step) == (0, 2)
    learn.fit(1)
    assert len(learn.table) == 1


def test_the_train_loss_weights_batches_by_their_examples():
    x, y = torch.arange(7.0)[:, None], torch.zeros(7, 1)
    model = nn.Linear(1, 1, bias=False)
    nn.init.ones_(model.weight)
    batches = [(x[:4], y[:4]), (x[4:6], y[4:6]), (x[6:], y[6:])]
    learn = Learner(model, batches, batches[1:], F.mse_loss, torch.optim.SGD, quiet=True)
    learn.fit(1, 0.0)
    assert learn.table[0].train_loss == 13.0  # (0 + 1 + 4 + 9 + 16 + 25 + 36) / 7
    assert learn.table[0].valid_loss == pytest.approx(77 / 3, rel=1e-15)
    assert learn.evaluate("train").loss == 13.0
    assert learn.evaluate("train").examples == 7


def test_accumulation_is_the_large_batch():
    """Also where the batches are ragged: 16 + 16 + 16 + 2 in one step."""
    torch.manual_seed(1)
    start = nn.Linear(6, 3).double()
    x, y = data(50)
    x = x.double()
    weights = []
    for batches, accumulate in (([16, 16, 16, 2], 4), ([50], 1)):
        model = nn.Linear(6, 3).double()
        model.load_state_dict(start.state_dict())
        split = list(zip(x.split(batches), y.split(batches), strict=True))
        learn = Learner(
            model, split, None, F.cross_entropy, lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9),
            accumulate=accumulate, quiet=True,
        )  # fmt: skip
        learn.fit(5, 0.5)
        assert learn.step == 5
        weights.append((model.weight.detach(), learn.table.column("train_loss")))
    assert torch.allclose(weights[0][0], weights[1][0], rtol=0, atol=1e-14)
    assert weights[0][1] == pytest.approx(weights[1][1], rel=1e-12)


def test_steps_of_a_ragged_accumulation():
    learn = learner(accumulate=3)
    seen = []

    class Count(Callback):
        def after_step(self, fit):
            seen.append((fit.epoch, fit.batch))

        def before_fit(self, fit):
            assert fit.steps == 4

    learn.fit(2, 1e-3, callbacks=[Count()])
    assert seen == [(0, 2), (0, 3), (1, 2), (1, 3)]


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(3, 3), nn.Linear(3, 3)

    def forward(self, left, right):
        return self.a(left) + self.b(right)


@pytest.mark.parametrize("form", ["tuple", "list", "dict", "unpacked"])
def test_batches_of_any_form(form):
    x, y = data(24)
    pack = {
        "tuple": lambda b: ((b[:, :3], b[:, 3:]), ...),
        "list": lambda b: ([b[:, :3], b[:, 3:]], ...),
        "dict": lambda b: ({"left": b[:, :3], "right": b[:, 3:]}, ...),
        "unpacked": lambda b: {"left": b[:, :3], "right": b[:, 3:]},
    }[form]
    batches, kwargs = [], {}
    for part, target in zip(x.split(8), y.split(8), strict=True):
        batches.append({**pack(part), "label": target} if form == "unpacked" else (pack(part)[0], target))
    if form == "unpacked":
        kwargs["unpack"] = lambda b: ({k: b[k] for k in ("left", "right")}, b["label"])
    torch.manual_seed(2)
    learn = Learner(TwoInputs(), batches, None, F.cross_entropy, torch.optim.SGD, quiet=True, **kwargs)
    learn.fit(2, 0.1)
    assert learn.table[1].train_loss == pytest.approx(1.16, abs=0.4)
    assert learn.evaluate("train").examples == 24
    first = batches[0] if form != "unpacked" else kwargs["unpack"](batches[0])
    assert learn.predict(first[0]).shape == (8, 3)


def test_evaluating_and_predicting_leave_no_trace():
    learn = learner(noisy=True, generator=True)
    learn.fit(1, 1e-2)
    learn.model[3].eval()
    before = everything(learn)
    outputs = learn.predict(torch.ones(2, 6))
    scores = learn.evaluate("valid")
    assert not outputs.requires_grad
    assert same(before, everything(learn))
    assert scores == learn.evaluate("valid")
    assert scores.loss == learn.evaluate().loss
    assert str(scores).startswith("valid: loss ")


def test_learning_rates_of_groups():
    learn = learner(opt=lambda p, lr: torch.optim.SGD([{"params": p[:2]}, {"params": p[2:]}], lr=lr))
    learn.fit(1, [0.1, 0.2])
    assert [g["lr"] for g in learn.optimizer.param_groups] == [0.1, 0.2]
    learn.fit(1)
    assert [g["lr"] for g in learn.optimizer.param_groups] == [0.1, 0.2]
    learn.fit_one_cycle(1, [0.1, 0.2])
    assert [g["lr"] for g in learn.optimizer.param_groups] == pytest.approx([1e-6, 2e-6], rel=1e-9)


def test_mixed_precision_on_the_cpu():
    learn = learner(callbacks=[MixedPrecision()])
    seen = []

    class Look(Callback):
        def after_pred(self, fit):
            seen.append(fit.outputs.dtype)

    learn.fit(3, 1e-2, callbacks=[Look()])
    assert set(seen) == {torch.bfloat16}
    assert learn.predict(torch.ones(2, 6)).dtype == torch.bfloat16
    assert learn.model[0].weight.dtype == torch.float32
    assert learn.table[2].train_loss < learn.table[0].train_loss
    plain = learner()
    plain.fit(3, 1e-2)
    assert 0 < abs(plain.table[0].train_loss - learn.table[0].train_loss) < 0.02


def test_scaled_losses_train_as_unscaled_ones_and_overflow_skips_a_step():
    learn = learner(opt=torch.optim.SGD, callbacks=[MixedPrecision(torch.float16), GradientClip(0.3)])
    norms = []

    class Look(Callback):
        order = 100

        def before_step(self, fit):
            norms.append(float(torch.nn.utils.get_total_norm([p.grad for p in fit.parameters])))

    learn.fit(2, 0.1, callbacks=[Look()])
    scaler = learn.callbacks[0].scaler
    assert scaler.get_scale() >= 2**10
    assert all(n <= 0.3 * (1 + 1e-5) for n in norms)  # of the unscaled gradients
    assert math.isfinite(learn.table[1].train_loss)
    weights = {k: v.clone() for k, v in learn.model.named_parameters()}
    scale = scaler.get_scale()

    class Overflow(Callback):
        def before_step(self, fit):
            fit.parameters[0].grad.fill_(math.inf)

        def after_backward(self, fit):
            fit.parameters[0].grad.fill_(math.inf)

    learn.fit(1, 0.1, callbacks=[Overflow()])
    assert scaler.get_scale() < scale
    assert same(weights, dict(learn.model.named_parameters()))


@pytest.mark.parametrize("way", ["stop", "skip", "raise"])
def test_a_scaled_step_that_is_not_made_leaves_the_scaler_to_use(way):
    class Keeps(Callback):
        def before_step(self, fit):
            if fit.batch == 1:
                {"stop": lambda: fit.stop("now"), "skip": fit.skip_step, "raise": lambda: 1 / 0}[way]()

    learn = learner(callbacks=[MixedPrecision(torch.float16)])
    with pytest.raises(ZeroDivisionError) if way == "raise" else nullcontext():
        learn.fit(1, 1e-3, callbacks=[Keeps()])
    assert learn.step == {"stop": 1, "skip": 3, "raise": 1}[way]
    learn.fit(1)
    assert len(learn.table) == (2 if way == "skip" else 1)


def test_clipping():
    learn = learner(opt=torch.optim.SGD)
    clip, norms = GradientClip(0.05), []

    class Look(Callback):
        order = 100

        def before_step(self, fit):
            norms.append((float(clip.taken), float(torch.nn.utils.get_total_norm([p.grad for p in fit.parameters]))))

    learn.fit(1, 0.1, callbacks=[Look(), clip])
    assert len(norms) == 4
    assert all(before > 0.05 and after == pytest.approx(0.05, rel=1e-4) for before, after in norms)


def test_device_and_nested_batches():
    learn = learner(device="cpu")
    assert learn.model[0].weight.device.type == "cpu"
