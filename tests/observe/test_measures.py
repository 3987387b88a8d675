"""What is recorded, against a plain float64 computation of the same loop."""

import math

import numpy as np
import pytest
import torch
from torch import nn

import auscult
from auscult.runs import quantities as q


def net(**kwargs):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.LayerNorm(16), nn.Linear(16, 4)).to(**kwargs)


def batches(n, width=6):
    g = torch.Generator().manual_seed(1)
    for _ in range(n):
        x = torch.randn(8, width, generator=g)
        yield x, x[:, :4].argmax(1)


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=1e-3),
    "adam": lambda p: torch.optim.Adam(p, lr=1e-3),
    "adamw-fused": lambda p: torch.optim.AdamW(p, lr=1e-3, fused=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=1e-3),
}


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_every_quantity_against_a_reference(make):
    model = net()
    optimizer = make(model.parameters())
    start = [p.detach().clone() for p in model.parameters()]
    names = [n for n, _ in model.named_parameters()]
    expected: dict[tuple[str, str], list[float]] = {}

    def note(quantity, name, value):
        expected.setdefault((quantity, name), []).append(float(value))

    with auscult.watch(model, optimizer, every=1) as recorder:
        for x, y in batches(12):
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            before = [p.detach().double().clone() for p in model.parameters()]
            gradients = [p.grad.double().clone() for p in model.parameters()]
            optimizer.step()
            note(q.LOSS, "", loss.item())
            note(q.GRAD_NORM, "", math.sqrt(sum(g.norm() ** 2 for g in gradients)))
            for name, p, b, g, s in zip(names, model.parameters(), before, gradients, start, strict=True):
                u = p.detach().double() - b
                note(q.UPDATE_STD, name, u.std())
                note(q.UPDATE_NORM, name, u.norm())
                note(q.DATA_STD, name, b.std())
                note(q.DATA_NORM, name, b.norm())
                note(q.GRAD_STD, name, g.std())
                note(q.GRAD_NORM, name, g.norm())
                note(q.GRAD_MAX, name, g.abs().max())
                note(q.GRAD_NONFINITE, name, 0)
                note(q.DISTANCE, name, (p.detach().double() - s.double()).norm())
                note(q.RATIO, name, (u.std() / b.std()).log10() if b.std() > 0 else math.nan)
                note(q.GRAD_RATIO, name, (g.std() / b.std()).log10() if b.std() > 0 else math.nan)
                if p.ndim == 2:
                    lr = optimizer.param_groups[0]["lr"]
                    note(q.RATIO_LECTURE, name, ((lr * g).std() / p.detach().double().std()).log10())
    run = recorder.run
    for (quantity, name), values in expected.items():
        got = run.series(quantity, name)
        assert got.steps.tolist() == list(range(12)), (quantity, name)
        np.testing.assert_allclose(got.values, values, rtol=2e-3, atol=1e-6, err_msg=f"{quantity} of {name}")
    # a norm's gains begin without spread, its biases at zero: no ratio there, neither 0 nor infinite
    assert np.isnan(run.series(q.RATIO, "2.weight").values[0])
    assert np.isnan(run.series(q.RATIO, "2.bias").values[0])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_other_precisions(dtype):
    model = net(dtype=dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for x, y in batches(3):
            before = model[0].weight.detach().double().clone()
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x.to(dtype)), y).backward()
            optimizer.step()
            update = model[0].weight.detach().double() - before
            expected = (update.std() / before.std()).log10().item()
    assert recorder.run.series(q.RATIO, "0.weight").values[-1] == pytest.approx(expected, abs=1e-3)
    assert recorder.bill.faults == 0


def test_undefined_is_undefined_and_zero_is_zero():
    torch.manual_seed(0)
    used, unused, constant = torch.randn(4, 4), torch.randn(4, 4), torch.zeros(4, 4)
    scalar = torch.tensor([2.0])
    for t in (used, unused, constant, scalar):
        t.requires_grad_()
    still = torch.randn(3, 3, requires_grad=True)
    optimizer = torch.optim.SGD(
        [{"params": [used, unused, constant, scalar], "lr": 0.1}, {"params": [still], "lr": 0.0}], lr=0.1
    )
    target = {"used": used, "unused": unused, "constant": constant, "scalar": scalar, "still": still}
    with auscult.watch(target, optimizer, every=1) as recorder:
        for _ in range(2):
            optimizer.zero_grad()
            ((used @ used).sum() + (constant * 3).sum() + scalar.sum() ** 2 + still.sum() ** 2).backward()
            optimizer.step()
    run = recorder.run
    at = {name: run.series(q.RATIO, name).values[0] for name in target}
    assert np.isfinite(at["used"])
    assert at["unused"] == -np.inf  # no update is a ratio of zero
    assert np.isnan(run.series(q.GRAD_NORM, "unused").values).all()  # no gradient is no number
    assert np.isnan(at["constant"])
    assert np.isnan(at["scalar"])
    assert at["still"] == -np.inf
    assert run.series(q.LR, "SGD[1]").values.tolist() == [0, 0]


def test_nonfinite_gradients_are_counted():
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for bad in (0.0, float("nan")):
            optimizer.zero_grad()
            (model(torch.ones(1, 3)) * torch.tensor([1.0, 1.0 + bad])).sum().backward()
            optimizer.step()
    run = recorder.run
    assert run.series(q.GRAD_NONFINITE, "weight").values.tolist() == [0, 3]
    assert np.isnan(run.series(q.GRAD_NORM, "weight").values[1])
    assert [e.step for e in run.events(q.NONFINITE_LOSS)] == [1]


def test_a_bad_loss_is_looked_at_whatever_the_schedule_says():
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=1000) as recorder:
        for step in range(40):
            optimizer.zero_grad()
            (model(torch.ones(1, 3)).sum() * (float("inf") if step == 33 else 1.0)).backward()
            optimizer.step()
    assert [e.step for e in recorder.run.events(q.NONFINITE_LOSS)] == [33]
    assert recorder.run.series(q.GRAD_NORM).steps.tolist() == [0, 33]


@pytest.mark.parametrize("in_loop", [False, True])
def test_an_unusual_loss_is_looked_at_whatever_the_schedule_says(in_loop):
    w = torch.ones(3, requires_grad=True)
    optimizer = None if in_loop else torch.optim.SGD([w], lr=1e-5)
    with auscult.watch({"w": w}, *([] if in_loop else [optimizer]), every=1000) as recorder:
        for step in range(700):
            w.grad = None
            (w.sum() * (1 + (step % 7) + (1000 if step in (300, 301) else 0))).backward()
            if optimizer:
                optimizer.step()
            else:
                w.data -= 1e-5 * w.grad
    assert recorder.run.series(q.GRAD_NORM).steps.tolist() == [0, 300]  # the second is no news
    assert recorder.run.series(q.LOSS).steps.tolist() == list(range(700))
    assert recorder.bill.sampled_steps == 2


def test_a_learning_rate_that_jumps_is_looked_at_in_that_very_step():
    w = torch.ones(3, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1e-3)
    with auscult.watch({"w": w}, optimizer, every=1000) as recorder:
        for step in range(50):
            optimizer.param_groups[0]["lr"] = 1.0 if step in (30, 40) else 1e-3
            optimizer.zero_grad()
            (w**2).sum().backward()
            optimizer.step()
    run = recorder.run
    assert run.series(q.GRAD_NORM).steps.tolist() == [0, 30]  # a second time it is no news
    assert run.series(q.LR, "SGD[0]").values.tolist() == pytest.approx([1e-3, 1.0])
    assert run.series(q.LOSS).steps.tolist() == list(range(50))


def test_a_fault_in_a_step_passed_over_is_counted_and_the_training_goes_on(capsys):
    class Odd(float):
        def __gt__(self, other):
            raise TypeError("no order")

    w = torch.ones(3, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    with auscult.watch({"w": w}, optimizer, every=1000) as recorder:
        for step in range(100):
            optimizer.param_groups[0]["lr"] = Odd(0.01) if step == 50 else 0.01
            optimizer.zero_grad()
            (w**2).sum().mul(1e300 if step == 60 else 1).double().backward()
            optimizer.step()
    assert recorder.bill.faults == 1
    assert recorder.run.steps in (99, 100)
    assert "no order" in capsys.readouterr().err


@pytest.mark.parametrize("sparse", [False, True])
def test_embeddings_tell_of_touched_rows_too(sparse):
    torch.manual_seed(0)
    model = nn.Embedding(20, 4, sparse=sparse)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=1) as recorder:
        before = model.weight.detach().clone()
        model(torch.tensor([1, 3, 3])).pow(2).sum().backward()
        gradient = model.weight.grad.to_dense() if sparse else model.weight.grad
        optimizer.step()
        update = model.weight.detach() - before
    run = recorder.run
    touched = (update[[1, 3]].std() / before[[1, 3]].std()).log10().item()
    assert run.parameters[0].kind == "embedding"
    assert run.series(q.RATIO_TOUCHED, "weight").values[0] == pytest.approx(touched, abs=1e-5)
    assert run.series(q.RATIO, "weight").values[0] == pytest.approx(
        (update.std() / before.std()).log10().item(), abs=1e-5
    )
    assert run.series(q.GRAD_STD, "weight").values[0] == pytest.approx(gradient.std().item(), rel=1e-4)


def test_a_clipped_gradient_and_its_norm_before():
    from torch.nn.utils import clip_grad_norm_

    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for x, y in batches(3):
            optimizer.zero_grad()
            (1000 * nn.functional.cross_entropy(model(x), y)).backward()
            true = clip_grad_norm_(model.parameters(), 1.0).item()
            optimizer.step()
    run = recorder.run
    assert run.series(q.GRAD_NORM_BEFORE_CLIP).values[-1] == pytest.approx(true)
    assert run.series(q.GRAD_NORM).values[-1] == pytest.approx(1.0, rel=1e-4)


def test_mixed_precision_is_unscaled_and_a_skipped_step_is_noted():
    torch.manual_seed(0)
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    losses = []
    with auscult.watch(model, optimizer, every=1) as recorder:
        for step in range(4):
            optimizer.zero_grad()
            loss = model(torch.ones(2, 4)).pow(2).mean()
            losses.append(loss.item())
            scaler.scale(loss * (float("inf") if step == 2 else 1.0)).backward()
            scaler.step(optimizer)
            scaler.update()
    run = recorder.run
    np.testing.assert_allclose(run.series(q.LOSS).values[:2], losses[:2], rtol=1e-6)
    assert run.series(q.GRAD_NORM).values[0] < 10  # not a thousand times that
    assert [e.kind for e in run.events()].count(q.SKIPPED_STEP) == 1
    assert run.steps == 3


def test_what_a_user_logs_and_epochs_are_kept():
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=5) as recorder:
        recorder.log(before=1)
        for step, (x, y) in enumerate(batches(12)):
            if step % 6 == 0:
                recorder.epoch()
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
            recorder.log(accuracy=step / 10, other=torch.tensor(2.0))
    run = recorder.run
    assert run.series(q.LOGGED, "accuracy").steps.tolist() == list(range(12))
    assert run.series(q.LOGGED, "accuracy").values[7] == pytest.approx(0.7)
    assert run.series(q.LOGGED, "before").steps.tolist() == [0]
    assert run.series(q.GRAD_NORM).steps.tolist() == [0, 5, 10]
    assert [(e.step, e.data["number"]) for e in run.events(q.EPOCH)] == [(0, 0), (6, 1)]
