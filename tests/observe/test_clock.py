"""What counts as a step, whoever moves the parameters."""

import contextlib
import gc
import weakref

import numpy as np
import pytest
import torch
from torch import nn

import auscult
from auscult.observe import hub
from auscult.observe.census import Census
from auscult.observe.recorder import Recorder
from auscult.runs import quantities as q
from auscult.settings import Settings
from auscult.stats import memory


def loop(parameters, steps, lr=0.1, passes=1, zero=True, on_step=lambda i: None):
    """A loop that moves its parameters by itself."""
    for i in range(steps):
        for _ in range(passes):
            loss = sum((p * p).sum() for p in parameters) / passes
            loss.backward()
        with torch.no_grad():
            for p in parameters:
                p.data += -lr * p.grad
                if zero:
                    p.grad = None
        on_step(i)


def leaf(*shape):
    return torch.randn(*shape, requires_grad=True)


def test_a_loop_without_an_optimizer():
    torch.manual_seed(0)
    W, b = leaf(4, 4), leaf(4)
    ratios = []
    with auscult.watch({"W": W, "b": b}, every=1) as recorder:
        for i in range(30):
            before = W.detach().clone()
            loop([W, b], 1, lr=0.1 if i < 20 else 0.01)
            ratios.append(((W.detach() - before).std() / before.std()).log10().item())
    run = recorder.run
    assert run.steps == 30
    assert [o.class_name for o in run.optimizers] == ["none"]
    assert [(p.name, p.kind, p.optimizer) for p in run.parameters] == [("W", "matrix", None), ("b", "bias", None)]
    np.testing.assert_allclose(run.series(q.RATIO, "W").values, ratios, atol=1e-4)
    np.testing.assert_allclose(run.series(q.LR, q.LOOP).values, [0.1] * 20 + [0.01] * 10, rtol=1e-3)
    np.testing.assert_allclose(run.series(q.RATIO_LECTURE, "W").values[0], np.log10(0.1 * 2 / 0.8), atol=1e-4)


def test_the_rate_of_a_loop_that_goes_uphill_is_negative():
    W, b = leaf(4, 4), leaf(4)
    with auscult.watch({"W": W, "b": b}, every=1) as recorder:
        loop([W, b], 5, lr=-0.1)
    np.testing.assert_allclose(recorder.run.series(q.LR, q.LOOP).values, [-0.1] * 5, rtol=1e-3)
    assert np.isfinite(recorder.run.series(q.RATIO_LECTURE, "W").values).all()


def test_the_rate_of_a_loop_whose_gradients_have_no_mean_is_not_negative_by_rounding():
    """The gradient of a softmax's logits sums to zero, and so does that of the only layer's weights."""
    g = torch.Generator().manual_seed(0)
    W = torch.randn((27, 27), generator=g, requires_grad=True)
    with auscult.watch({"W": W}, every=1) as recorder:
        for _ in range(60):
            x, y = torch.randint(0, 27, (2, 100), generator=g)
            torch.nn.functional.cross_entropy(torch.nn.functional.one_hot(x, 27).float() @ W, y).backward()
            with torch.no_grad():
                W -= 0.5 * W.grad
                W.grad = None
    assert (recorder.run.series(q.LR, q.LOOP).values > 0).all()


def test_passes_between_which_nothing_moves_are_one_step():
    torch.manual_seed(0)
    W = leaf(4, 4)
    with auscult.watch({"W": W}, every=1) as recorder:
        loop([W], 10, passes=3)
    assert recorder.run.steps == 10
    assert recorder.run.series(q.LOSS).values[0] > recorder.run.series(q.LOSS).values[-1]


def test_a_loop_that_never_moves_anything_is_still_a_training():
    W = leaf(4, 4)
    with auscult.watch({"W": W}, every=1) as recorder:
        for _ in range(100):
            (W * W).sum().backward()
            W.grad = None
    assert recorder.run.steps > 30


@pytest.mark.parametrize("every", [1, 7])
def test_steps_a_loop_makes_unseen_are_counted_and_leave_their_loss(every):
    torch.manual_seed(0)
    W = leaf(4, 4)
    losses = []
    with auscult.watch({"W": W}, every=every) as recorder:
        for _ in range(50):
            losses.append((W.detach() ** 2).sum().item())
            loop([W], 1, lr=0.01)
    run = recorder.run
    assert run.steps == 50
    assert run.series(q.GRAD_NORM).steps.tolist() == list(range(0, 50, every))
    assert run.series(q.LOSS).steps.tolist() == list(range(50))
    np.testing.assert_allclose(run.series(q.LOSS).values, losses, rtol=1e-5)


@pytest.mark.parametrize("every", [1, 7])
def test_steps_an_optimizer_makes_unseen_are_counted_and_leave_their_loss(every):
    torch.manual_seed(0)
    W = leaf(4, 4)
    optimizer = torch.optim.SGD([W], lr=0.01)
    losses, norms = [], []
    with auscult.watch({"W": W}, optimizer, every=every) as recorder:
        for _ in range(50):
            optimizer.zero_grad()
            loss = (W**2).sum()
            losses.append(loss.item())
            loss.backward()
            norms.append(nn.utils.clip_grad_norm_([W], 1.0).item())
            optimizer.step()
    run = recorder.run
    assert run.steps == 50
    assert run.series(q.GRAD_NORM).steps.tolist() == list(range(0, 50, every))
    assert run.series(q.LOSS).steps.tolist() == list(range(50))
    np.testing.assert_allclose(run.series(q.LOSS).values, losses, rtol=1e-5)
    np.testing.assert_allclose(run.series(q.GRAD_NORM_BEFORE_CLIP).values, norms[::every], rtol=1e-5)


@pytest.mark.parametrize("every", [1, 3])
def test_accumulated_gradients_are_one_step_with_the_loss_that_is_descended(every):
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x = torch.ones(2, 4)
    expected = []
    with auscult.watch(model, optimizer, every=every) as recorder:
        for _ in range(5):
            optimizer.zero_grad()
            total = 0.0
            for _ in range(4):
                loss = model(x).pow(2).mean() / 4
                total += loss.item()
                loss.backward()
            optimizer.step()
            expected.append(total)
    np.testing.assert_allclose(recorder.run.series(q.LOSS).values, expected, rtol=1e-5)
    assert recorder.run.steps == 5


@pytest.mark.parametrize("settings", [{"every": 1}, {"every": 7}, {"every": 10**9, "updates": 3}])
@pytest.mark.parametrize("parts", ["one loss", "two losses, of two parts"])
def test_a_pass_whose_gradients_are_dropped_is_no_part_of_the_loss(settings, parts):
    model = nn.ModuleList([nn.Linear(4, 2), nn.Linear(4, 2)])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    x, losses = torch.randn(40, 4), []

    def passes(scale):
        both = [scale * part(x).square().mean() for part in model]
        total = sum(both)
        for loss in both if parts != "one loss" else [total]:
            loss.backward()
        return total.item()

    with auscult.watch(model, optimizer, dir="here", **settings) as recorder:
        for _ in range(60):
            optimizer.zero_grad()
            passes(3.0)  # as SAM's, or a probe's
            optimizer.zero_grad()
            losses.append(passes(1.0))
            optimizer.step()
    known = recorder.run.series(q.LOSS)
    assert known.steps.tolist() == list(range(60))
    np.testing.assert_allclose(known.values[1:], losses[1:], rtol=1e-5)  # the first step shows who has gradients


def test_lbfgs_steps_once_for_many_closures():
    torch.manual_seed(0)
    model = nn.Linear(4, 1)
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.1, max_iter=4)
    x = torch.randn(16, 4)
    first = []

    def closure():
        optimizer.zero_grad()
        loss = (model(x) - 1).pow(2).mean()
        loss.backward()
        calls.append((loss.item(), model.weight.grad.norm().item()))
        return loss

    with auscult.watch(model, optimizer, every=1) as recorder:
        for _ in range(6):
            calls = []
            optimizer.step(closure)
            first.append(calls[0])
    run = recorder.run
    assert run.steps == 6
    np.testing.assert_allclose(run.series(q.LOSS).values, [loss for loss, _ in first], rtol=1e-5)
    np.testing.assert_allclose(run.series(q.GRAD_NORM, "weight").values, [g for _, g in first], rtol=1e-4)
    assert run.table(q.GRAD_CARRIED)[q.GRAD_CARRIED].tolist() == [0] * 5


def test_optimizers_that_take_turns_share_a_step():
    a, b = nn.Linear(3, 3), nn.Linear(3, 3)
    first, second = torch.optim.SGD(a.parameters(), lr=0.1), torch.optim.Adam(b.parameters(), lr=0.01)
    with auscult.watch({"a": a, "b": b}, every=1) as recorder:
        for i in range(12):
            first.zero_grad()
            a(torch.ones(1, 3)).sum().backward()
            first.step()
            if i % 3 == 2:
                second.zero_grad()
                b(a(torch.ones(1, 3))).sum().backward()
                second.step()
    run = recorder.run
    assert run.steps == 12
    assert len(run.series(q.RATIO, "a.weight")) == 12
    assert run.series(q.RATIO, "b.weight").steps.tolist() == [2, 5, 8, 11]
    assert run.series(q.LOSS, "Adam").steps.tolist() == [2, 5, 8, 11]
    assert {p.name: p.optimizer for p in run.parameters}["b.bias"] == "Adam"
    # what the second model's backward leaves in the first one's gradients is zeroed before it is used
    assert np.nanmax(run.series(q.GRAD_CARRIED).values) == 0


def test_two_optimizers_after_one_backward_are_one_step_with_one_loss():
    model = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 3))
    optimizers = [torch.optim.SGD(model[0].parameters(), lr=0.1), torch.optim.Adam(model[1].parameters(), lr=0.01)]
    with auscult.watch(model, optimizers, every=1) as recorder:
        for _ in range(4):
            for o in optimizers:
                o.zero_grad()
            model(torch.tensor([1, 2])).pow(2).sum().backward()
            for o in optimizers:
                o.step()
    assert recorder.run.steps == 4
    assert recorder.run.quantities[q.LOSS] == ("",)


def test_an_optimizer_for_each_parameter_inside_backward_is_one_step():
    model = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 2))
    optimizers = {p: torch.optim.SGD([p], lr=0.1) for p in model.parameters()}

    def step(p):
        optimizers[p].step()
        optimizers[p].zero_grad()

    for p in model.parameters():
        p.register_post_accumulate_grad_hook(step)
    with auscult.watch(model, every=1) as recorder:
        for _ in range(5):
            model(torch.ones(2, 4)).pow(2).sum().backward()
    run = recorder.run
    assert run.steps == 5
    assert np.isfinite(run.matrix(q.RATIO).values).all()
    assert recorder.bill.faults == 0


@pytest.mark.parametrize(("zero", "share"), [(True, 0.0), (False, 1.0)])
@pytest.mark.parametrize("to_none", [True, False])
def test_gradients_that_are_not_zeroed_are_seen(zero, share, to_none):
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for _ in range(6):
            if zero:
                optimizer.zero_grad(set_to_none=to_none)
            model(torch.ones(2, 4)).pow(2).sum().backward()
            optimizer.step()
    got = recorder.run.series(q.GRAD_CARRIED).values
    assert got[-5:].tolist() == [share] * 5


@pytest.mark.parametrize(("zero", "share"), [(True, 0.0), (False, 1.0)])
def test_a_loop_that_does_not_zero_its_gradients(zero, share):
    W = leaf(3, 3)
    with auscult.watch({"W": W}, every=1) as recorder:
        loop([W], 8, lr=0.01, zero=zero)
    assert recorder.run.series(q.GRAD_CARRIED).values[-5:].tolist() == [share] * 5


def test_gradients_set_by_hand_are_not_taken_for_old_ones():
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for _ in range(6):
            gradients = torch.autograd.grad(model(torch.ones(2, 4)).sum(), list(model.parameters()))
            for p, g in zip(model.parameters(), gradients, strict=True):
                p.grad = g
            optimizer.step()
    assert q.GRAD_CARRIED not in recorder.run.quantities
    assert recorder.run.steps == 6


def test_what_no_optimizer_holds_is_recorded_too():
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))
    optimizer = torch.optim.SGD(model[1].parameters(), lr=0.1)
    with auscult.watch(model, every=1) as recorder:
        for _ in range(5):
            model.zero_grad()
            model(torch.ones(2, 4)).pow(2).sum().backward()
            optimizer.step()
    run = recorder.run
    owner = {p.name: p.optimizer for p in run.parameters}
    assert owner == {"0.weight": None, "0.bias": None, "1.weight": "SGD", "1.bias": "SGD"}
    assert (run.series(q.RATIO, "0.weight").values == -np.inf).all()
    assert (run.series(q.GRAD_NORM, "0.weight").values > 0).all()


@pytest.mark.parametrize("turn", [1, 7])
@pytest.mark.parametrize("settings", [{"every": 1}, {"every": 10**9, "updates": 1}])
def test_optimizers_that_take_turns_with_the_same_parameters_are_both_heard(turn, settings):
    w = leaf(6, 4)
    optimizers = torch.optim.Adam([w], lr=0.05), torch.optim.SGD([w], lr=0.02)
    losses, ratios = [], []
    with auscult.watch({"w": w}, list(optimizers), dir="here", **settings) as recorder:
        for step in range(60):
            optimizer = optimizers[step // turn % 2]
            optimizer.zero_grad()
            loss = (w * w).sum()
            loss.backward()
            before = w.detach().clone()
            optimizer.step()
            losses.append(loss.item())
            ratios.append(((w.detach() - before).std() / before.std()).log10().item())
    run = recorder.run
    assert run.steps == 60
    np.testing.assert_allclose(run.series(q.LOSS).values, losses, rtol=1e-5)
    measured = run.series(q.RATIO, "w")
    assert len(measured.steps) > 50
    np.testing.assert_allclose(measured.values, np.array(ratios)[measured.steps.astype(int)], atol=1e-3)
    assert [o.name for o in run.optimizers] == ["Adam", "SGD"]
    assert recorder.bill.faults == 0


def test_loaders_tell_epochs_also_with_validation_in_the_middle():
    from torch.utils.data import DataLoader, TensorDataset

    data = DataLoader(TensorDataset(torch.randn(12, 4)), batch_size=4)
    other = DataLoader(TensorDataset(torch.randn(8, 4)), batch_size=4)
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=2) as recorder:
        for _ in range(3):
            for i, (x,) in enumerate(data):
                optimizer.zero_grad()
                model(x).pow(2).sum().backward()
                optimizer.step()
                if i == 1:
                    with torch.no_grad():
                        for (v,) in other:
                            model(v)
    assert [e.step for e in recorder.run.events(q.EPOCH)] == [0, 3, 6]


class Lookahead(torch.optim.Optimizer):
    """An optimizer around an optimizer: every third step it pulls the weights back half way."""

    def __init__(self, inner):
        self.inner = inner
        super().__init__(inner.param_groups, inner.defaults)
        self.slow = [p.detach().clone() for g in inner.param_groups for p in g["params"]]
        self.count = 0

    def step(self, closure=None):
        self.inner.step(closure)
        self.count += 1
        if self.count % 3 == 0:
            with torch.no_grad():
                for p, slow in zip([p for g in self.param_groups for p in g["params"]], self.slow, strict=True):
                    p.copy_(slow + 0.5 * (p - slow))
                    slow.copy_(p)


@pytest.mark.parametrize("every", [1, 6])
def test_an_optimizer_inside_an_optimizer_is_one_step_with_the_whole_update(every):
    torch.manual_seed(0)
    model = nn.Linear(4, 4)
    optimizer = Lookahead(torch.optim.SGD(model.parameters(), lr=0.1))
    expected = []
    with auscult.watch(model, every=every) as recorder:
        for _ in range(24):
            before = model.weight.detach().clone()
            optimizer.zero_grad()
            model(torch.ones(2, 4)).pow(2).sum().backward()
            optimizer.step()
            expected.append((model.weight.detach() - before).norm().item())
    run = recorder.run
    assert run.steps == 24
    assert [o.class_name for o in run.optimizers] == ["Lookahead"]
    np.testing.assert_allclose(run.series(q.UPDATE_NORM, "weight").values, expected[::every], rtol=1e-3, atol=1e-7)


def test_a_step_that_failed_and_was_caught_is_not_missed_afterwards():
    model = nn.Linear(4, 4)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=1)
    fails = [False, False, True, False, False]

    def closure():
        if fails.pop(0):
            raise RuntimeError("no data")
        optimizer.zero_grad()
        loss = model(torch.ones(2, 4)).pow(2).sum()
        loss.backward()
        return loss

    with auscult.watch(model, every=1) as recorder:
        while fails:
            with contextlib.suppress(RuntimeError):
                optimizer.step(closure)
    assert recorder.bill.faults == 0
    assert len(recorder.run.series(q.LOSS)) >= 3


def test_a_backward_pass_that_fails_is_no_part_of_the_next_step():
    torch.manual_seed(0)
    model, x = torch.nn.Linear(4, 1), torch.randn(8, 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def fail(gradient):
        raise RuntimeError("out of memory")

    with auscult.watch(model, optimizer, every=1) as recorder:
        for step in range(6):
            optimizer.zero_grad()
            if step == 3:
                out = model(x)
                out.register_hook(fail)
                with pytest.raises(RuntimeError, match="memory"):
                    (out.square().mean() + 1000).backward()
            model(x).square().mean().backward()
            optimizer.step()
    run = recorder.run
    assert run.series("loss").values.max() < 10
    assert len(run.series("output_grad_std", run.layers[0].name)) == 6


def test_a_step_that_mixed_precision_skips_leaves_nothing_to_the_next():
    torch.manual_seed(0)
    model, x = torch.nn.Linear(4, 1), torch.randn(8, 4)
    optimizer, scaler = torch.optim.SGD(model.parameters(), lr=0.01), torch.amp.GradScaler("cpu", init_scale=4.0)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for step in range(8):
            optimizer.zero_grad()
            loss = model(x).square().mean() * (float("inf") if step == 4 else 1)
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
    losses = recorder.run.series("loss").values
    assert len(losses) == 7
    assert losses.max() < 10


class Clamping(torch.optim.SGD):
    """Calls its base's step, and does something of its own: PyTorch's hooks tell of both."""

    def step(self, closure=None):
        super().step()
        for group in self.param_groups:
            for p in group["params"]:
                p.data.clamp_(-0.3, 0.3)


@pytest.mark.parametrize("settings", [{"every": 1}, {"every": 10**9, "updates": 1}, {}])
def test_a_step_that_calls_that_of_its_base_is_one_step_with_the_whole_update(settings):
    torch.manual_seed(0)
    torch.optim.SGD([torch.zeros(1)], lr=0.1)  # from now on its step tells, too
    model = nn.Linear(4, 4)
    optimizer = Clamping(model.parameters(), lr=0.1)
    expected = []
    with auscult.watch(model, optimizer, **settings) as recorder:
        for _ in range(40):
            before = model.weight.detach().clone()
            optimizer.zero_grad()
            model(torch.randn(2, 4)).pow(2).sum().backward()
            optimizer.step()
            expected.append(((model.weight.detach() - before).std() / before.std()).log10().item())
    run = recorder.run
    assert run.steps == recorder.bill.steps == 40
    got = run.series(q.RATIO, "weight")
    np.testing.assert_allclose(got.values, [expected[i] for i in got.steps], atol=1e-4)


@pytest.mark.parametrize("settings", [{"every": 1}, {"every": 10**9, "updates": 1}, {}])
def test_what_an_optimizer_is_given_later_is_watched_from_then_on(settings):
    head, body = nn.Linear(4, 2), nn.Linear(3, 4)
    optimizer = torch.optim.SGD(head.parameters(), lr=0.1)
    with auscult.watch(nn.Sequential(body, head), optimizer, **settings) as recorder:
        for step in range(60):
            if step == 30:
                optimizer.add_param_group({"params": body.parameters(), "lr": 0.01})
            optimizer.zero_grad()
            head(body(torch.randn(8, 3))).pow(2).mean().backward()
            optimizer.step()
    run = recorder.run
    moves = run.series(q.RATIO, "0.weight")
    assert 30 in moves.steps or not settings  # by default the pace decides which steps are measured
    assert np.isfinite(moves.values[moves.steps >= 30]).all()
    assert not np.isfinite(moves.values[moves.steps < 30]).any()
    assert {p.name: p.optimizer for p in run.parameters}["0.weight"] == "SGD"
    assert [o.name for o in run.optimizers] == ["SGD"]
    assert len(run.optimizers[0].groups) == 2
    assert run.series(q.LR, "SGD[1]").values[-1] == pytest.approx(0.01)
    assert recorder.bill.faults == 0


def test_while_a_cuda_graph_is_captured_nothing_is_heard(monkeypatch):
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monkeypatch.setattr(memory, "backward", lambda *_: None)  # the core leaves to Python what is on a device
    monkeypatch.setattr(hub, "_ON_GPU", True)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for step in range(10):
            with monkeypatch.context() as during:
                during.setattr(torch.cuda, "is_initialized", lambda: True)
                during.setattr(torch.cuda, "is_current_stream_capturing", lambda step=step: step in (3, 4))
                optimizer.zero_grad()
                model(torch.randn(8, 4)).pow(2).mean().backward()
                optimizer.step()
        monkeypatch.undo()
    assert recorder.run.steps == 8
    assert recorder.bill.faults == 0


def test_gradients_set_by_hand_are_steps_like_others():
    w = torch.ones(5, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1e-3)
    with auscult.watch({"w": w}, optimizer, every=10**9, updates=1) as recorder:
        for step in range(200):
            if step >= 150:  # from here on there is a loss, too
                (w**2).sum().backward()
            w.grad = torch.randn(5)
            optimizer.step()
        assert recorder.clock._quiet
    run = recorder.run
    assert run.series(q.RATIO, "w").steps.tolist() == list(range(200))
    assert run.series(q.LOSS).steps[-1] == 199
    assert recorder.bill.faults == 0


def test_what_is_thawed_is_watched_from_the_next_look_on():
    model = nn.Linear(4, 2)
    model.bias.requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with Recorder(Census(), Settings(dir="here", every=10), "thawed") as recorder:
        for step in range(60):
            model.bias.requires_grad_(step >= 25)
            optimizer.zero_grad()
            model(torch.randn(8, 4)).pow(2).mean().backward()
            optimizer.step()
    run = recorder.run
    moved = run.series(q.UPDATE_NORM, next(p.name for p in run.parameters if p.shape == (2,)))
    assert moved.steps[np.flatnonzero(moved.values > 0)].tolist() == [30, 40, 50]
    assert recorder.bill.faults == 0


def test_a_closed_recorder_holds_no_tensor():
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer) as recorder:
        for _ in range(40):
            optimizer.zero_grad()
            model(torch.randn(8, 4)).pow(2).mean().backward()
            optimizer.step()
    gone = weakref.ref(model.weight)
    del model, optimizer
    gc.collect()
    assert gone() is None
    assert recorder.closed


def test_weights_that_the_script_loads_on_the_way_are_noted():
    model, other = nn.Linear(3, 2), nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer) as recorder:
        start = {name: value.clone() for name, value in model.state_dict().items()}
        model.load_state_dict(start)  # before the first step that is how one begins
        for step in range(100):
            model(torch.randn(4, 3)).sum().backward()
            optimizer.step()
            other.load_state_dict(model.state_dict())
            if step % 20 == 19:
                model.load_state_dict(start)
    assert [e.step for e in recorder.run.events(q.LOADED)] == [19, 39, 59, 79, 99]
    assert recorder.bill.faults == 0
    assert not hasattr(nn.Module.load_state_dict, "__wrapped__")


@pytest.mark.parametrize("native", [True, False])
def test_the_loss_of_a_step_that_was_never_made_is_none(native):
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=10**9, native=native) as recorder:
        for _ in range(100):
            model(torch.randn(4, 3)).sum().backward()
            optimizer.step()
        model(torch.full((4, 3), 1e3)).sum().backward()
    assert recorder.run.steps == len(recorder.run.series(q.LOSS)) == 100
