"""The updates of steps that nobody looks at: each measured, as it was, by the core and by PyTorch alike."""

import numpy as np
import pytest
import torch
from torch import nn

import auscult
from auscult.observe.probe import Probe, watch_tensor
from auscult.observe.updates import OnDevice
from auscult.runs import quantities as q
from auscult.stats import memory
from auscult.views.facts import fact_rows

NATIVE = pytest.mark.parametrize("native", [True, False], ids=["core", "torch"])
NO_LOOKS = {"every": 10**9, "updates": 1}  # but the first step


def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.LayerNorm(16), nn.Linear(16, 4))


def ratio(now, before):
    now, before = now.detach().double(), before.detach().double()
    if now.numel() < 2:
        return np.nan
    return ((now - before).std() / before.std()).log10().item() if before.std() > 0 else np.nan


class Truth:
    """What the updates of named tensors really were."""

    def __init__(self, named):
        self.named = dict(named)
        self.ratios = {name: [] for name in self.named}

    def before(self):
        self._before = {name: t.detach().clone() for name, t in self.named.items()}

    def after(self):
        for name, t in self.named.items():
            self.ratios[name].append(ratio(t, self._before[name]))

    def holds(self, run, steps):
        for name, want in self.ratios.items():
            got = run.series(q.RATIO, name)
            assert got.steps.tolist() == list(range(steps)), name
            np.testing.assert_allclose(got.values, want, atol=2e-3, err_msg=name)


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum, one by one": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=1e-3, foreach=False),
    "adam": lambda p: torch.optim.Adam(p, lr=1e-3),
    "adamw, fused": lambda p: torch.optim.AdamW(p, lr=1e-3, fused=True),
    "lbfgs": lambda p: torch.optim.LBFGS(p, lr=0.1, max_iter=3),
}


@NATIVE
@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_every_step_of_an_optimizer(make, native):
    model = net()
    optimizer = make(model.parameters())
    truth = Truth(model.named_parameters())
    x, y = torch.randn(32, 6), torch.randint(0, 4, (32,))

    def closure():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        return loss

    with auscult.watch(model, optimizer, native=native, **NO_LOOKS) as recorder:
        for _ in range(60):
            if not isinstance(optimizer, torch.optim.LBFGS):
                closure()
            truth.before()
            optimizer.step(closure if isinstance(optimizer, torch.optim.LBFGS) else None)
            truth.after()
    truth.holds(recorder.run, 60)
    bill = recorder.bill
    assert (bill.sampled_steps, bill.updates, bill.faults, bill.dropped_frames) == (1, 59, 0, 0)


@NATIVE
@pytest.mark.parametrize("passes", [1, 3])
def test_every_step_of_a_loop(native, passes):
    torch.manual_seed(0)
    named = {"W": torch.randn(6, 8), "b": torch.randn(8)}
    for t in named.values():
        t.requires_grad_()
    truth = Truth(named)
    with auscult.watch(named, native=native, **NO_LOOKS) as recorder:
        for _ in range(50):
            for t in named.values():
                t.grad = None
            for _ in range(passes):
                torch.tanh(torch.randn(16, 6) @ named["W"] + named["b"]).pow(2).mean().backward()
            truth.before()
            for t in named.values():
                t.data += -0.1 * t.grad
            truth.after()
    truth.holds(recorder.run, 50)
    assert recorder.bill.faults == 0


@NATIVE
def test_every_step_of_adversaries(native):
    torch.manual_seed(0)
    makes, judges = nn.Linear(2, 4), nn.Linear(4, 1)
    both = {"makes": makes, "judges": judges}
    one, two = torch.optim.SGD(makes.parameters(), 0.1), torch.optim.Adam(judges.parameters(), 1e-2)
    truths = [Truth({f"{name}.{n}": p for n, p in model.named_parameters()}) for name, model in both.items()]
    with auscult.watch(both, [one, two], native=native, **NO_LOOKS) as recorder:
        for _ in range(40):
            for optimizer, truth, sign in ((two, truths[1], 1), (one, truths[0], -1)):
                optimizer.zero_grad()
                (sign * judges(makes(torch.randn(8, 2))).mean()).backward()
                truth.before()
                optimizer.step()
                truth.after()
    for truth in truths:
        truth.holds(recorder.run, 40)
    assert recorder.bill.updates == 39
    assert recorder.bill.faults == 0


class Elsewhere(torch.optim.SGD):
    """Puts what it has moved into other memory, as some optimizers do."""

    def step(self, closure=None):
        super().step()
        for group in self.param_groups:
            for p in group["params"]:
                p.data = p.data.clone()


@NATIVE
@pytest.mark.filterwarnings("ignore:grad and param do not obey the gradient layout contract")
@pytest.mark.parametrize("make", [torch.optim.SGD, Elsewhere])
def test_tensors_that_move_to_other_memory_are_found_again(make, native):
    model = net()
    optimizer = make(model.parameters(), 0.1)
    truth = Truth(model.named_parameters())
    with auscult.watch(model, optimizer, native=native, **NO_LOOKS) as recorder:
        for step in range(60):
            optimizer.zero_grad(set_to_none=step % 2 == 0)
            model(torch.randn(8, 6, dtype=model[0].weight.dtype)).pow(2).mean().backward()
            truth.before()
            optimizer.step()
            truth.after()
            if step % 7 == 5:
                for p in model.parameters():
                    p.data = p.data.clone()
            if step == 30:
                model[0].weight.data = torch.empty_strided((16, 6), (1, 16)).copy_(model[0].weight.data)
    truth.holds(recorder.run, 60)
    assert recorder.bill.faults == 0


@NATIVE
def test_a_model_that_changes_its_precision_is_measured_on(native):
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    truth = Truth(model.named_parameters())
    with auscult.watch(model, optimizer, native=native, **NO_LOOKS) as recorder:
        for step in range(40):
            if step == 20:
                model.double()
            optimizer.zero_grad()
            model(torch.randn(8, 6, dtype=model[0].weight.dtype)).pow(2).mean().backward()
            truth.before()
            optimizer.step()
            truth.after()
    truth.holds(recorder.run, 40)
    assert recorder.bill.faults == 0


def test_memory_that_is_freed_is_not_read(capsys):
    t = nn.Parameter(torch.randn(1000))
    optimizer = torch.optim.SGD([t], 0.1)
    with auscult.watch({"t": t}, optimizer, **NO_LOOKS) as recorder:
        for step in range(30):
            t.grad = torch.ones(1000)
            size = t.untyped_storage().nbytes()
            if step == 20:
                t.untyped_storage().resize_(0)
                t.grad = None
            optimizer.step()
            if step == 20:
                t.untyped_storage().resize_(size)
                t.data.normal_()
    assert "lost its storage" in capsys.readouterr().err
    assert recorder.bill.faults == 1
    assert len(recorder.run.series(q.RATIO, "t")) >= 28


@NATIVE
def test_the_training_is_what_it_is_without(native):
    def trained(watched):
        model = net()
        optimizer = torch.optim.AdamW(model.parameters(), 1e-2)
        recorder = auscult.watch(model, optimizer, native=native, **NO_LOOKS) if watched else None
        for _ in range(80):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(torch.randn(8, 6)), torch.randint(0, 4, (8,))).backward()
            optimizer.step()
        if recorder:
            recorder.close()
        return [*model.state_dict().values(), torch.get_rng_state()]

    for with_, without in zip(trained(True), trained(False), strict=True):
        assert torch.equal(with_, without)


def train(model, optimizer, steps, every_step=lambda step: None):
    for step in range(steps):
        every_step(step)
        optimizer.zero_grad()
        model(torch.randn(8, 6)).pow(2).mean().backward()
        optimizer.step()


def test_every_step_so_far_can_be_read_and_nothing_is_lost():
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    with auscult.watch(model, optimizer, budget=1e-6, updates=1) as recorder:
        train(model, optimizer, 3000)
    run = recorder.run
    assert run.series(q.RATIO, "0.weight").steps.tolist() == list(range(3000))
    assert run.series(q.LOSS).steps.tolist() == list(range(3000))
    assert recorder.bill.dropped_frames == 0
    heat = run.matrix(q.RATIO, bins=50)
    assert heat.values.shape[1] == 50
    assert np.isfinite(heat.values[list(heat.subjects).index("0.weight")]).all()


def test_a_stride_is_kept_and_every_nth_takes_none_of_its_own_accord():
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    with auscult.watch(model, optimizer, every=10**9, updates=5) as recorder:
        train(model, optimizer, 101)
    gaps = np.diff(recorder.run.series(q.RATIO, "0.weight").steps[1:])
    assert set(gaps.tolist()) == {5}
    with auscult.watch(model, optimizer, every=10) as recorder:
        train(model, optimizer, 101)
    assert recorder.run.series(q.RATIO, "0.weight").steps.tolist() == list(range(0, 101, 10))
    assert recorder.bill.updates == 0


def test_within_a_budget_updates_are_measured_between_the_looks():
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    with auscult.watch(model, optimizer) as recorder:
        train(model, optimizer, 2000)
    run = recorder.run
    looks, updates = run.series(q.GRAD_NORM).steps, run.series(q.RATIO, "0.weight").steps
    assert recorder.bill.updates > 0
    assert len(updates) == len(looks) + recorder.bill.updates
    assert set(looks.tolist()) <= set(updates.tolist())


def test_a_fault_while_measuring_an_update_is_counted_and_the_training_goes_on(monkeypatch, capsys):
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    original = Probe.ratios

    def sometimes(self, rows, row):
        if row == 3:
            raise RuntimeError("broken on purpose")
        original(self, rows, row)

    monkeypatch.setattr(Probe, "ratios", sometimes)
    with auscult.watch(model, optimizer, native=False, **NO_LOOKS) as recorder:
        train(model, optimizer, 50)
    assert 1 <= recorder.bill.faults <= 20
    assert "broken on purpose" in capsys.readouterr().err


@pytest.mark.skipif(not memory.BUILT, reason="the native core was not built: there is no C compiler here")
def test_who_measures_is_said():
    for chosen, way in (({}, "the native core"), ({"native": False}, "PyTorch")):
        model = net()
        optimizer = torch.optim.SGD(model.parameters(), 0.01)
        with auscult.watch(model, optimizer, **chosen) as recorder:
            train(model, optimizer, 3)
        assert recorder.run.fact("measured_by") == way
        assert ("measured by", way) in fact_rows(recorder.run)


def test_on_an_accelerator_sums_are_given_when_the_device_has_passed():
    """Without one: that nothing is mixed up between the two rooms. With one, `test_cuda.py` goes further."""
    torch.manual_seed(0)
    tensors = {"a": torch.randn(5, 3), "b": torch.randn(7)}
    probe = Probe([watch_tensor(n, t, "matrix") for n, t in tensors.items()], native=False)
    rows = OnDevice(probe.sizes, 4, probe.device)
    want, given, step = [], [], 0
    for handover in range(5):
        steps = []
        for at in range(1 + handover % 4):
            probe.before()
            before = {n: t.clone() for n, t in tensors.items()}
            for t in tensors.values():
                t.add_(0.01 * torch.randn(t.shape))
            rows.take(probe, at)
            want.append([ratio(t, before[n]) for n, t in tensors.items()])
            steps.append(step)
            step += 1
        given += rows.give(steps, last=handover == 4)
    assert [s for at, _ in given for s in at] == list(range(step))
    np.testing.assert_allclose(np.concatenate([r for _, r in given]), want, atol=1e-4)
