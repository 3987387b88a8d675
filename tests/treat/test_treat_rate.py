from dataclasses import asdict

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from treat_models import mlp, points

import auscult
from auscult.errors import RunNotFound, TreatError
from auscult.runs import Bill, Optimizer, Parameter, Run, RunWriter
from auscult.runs import quantities as q
from auscult.treat import suggest_lr


def recorded(
    folder, ratios=(-2.0, -2.2, -2.4), *, optimizer="SGD", lr=0.1, steps=60, loss=None, events=(), kind="matrix"
):
    """A run whose matrices move by these ratios at every step."""
    writer = RunWriter(folder)
    parameters = [Parameter(f"w{i}", kind, (8, 8), "float32", "cpu", True, optimizer, 0) for i in range(len(ratios))]
    writer.fact("parameters", [asdict(p) for p in parameters])
    writer.fact("optimizers", [asdict(Optimizer(optimizer, optimizer, ({"lr": 0.1},)))])
    columns = [(q.LOSS, ""), (q.LR, f"{optimizer}[0]"), *((q.RATIO, p.name) for p in parameters)]
    layout = writer.layout(columns)
    loss = np.geomspace(2.3, 0.5, steps) if loss is None else loss
    rates = lr if isinstance(lr, np.ndarray) else np.full(steps, lr)
    for i in range(steps):
        moved = [r[i] if isinstance(r, np.ndarray) else r for r in ratios]
        writer.frame(i, layout, np.array([loss[i], rates[i], *moved], np.float32))
    for step, what in events:
        writer.event(step, what)
    writer.fact("bill", asdict(Bill(steps=steps, sampled_steps=steps)))
    assert writer.flush()
    writer.close()
    return Run(folder)


@pytest.mark.parametrize(("optimizer", "target"), [("SGD", -2.75), ("AdamW", -2.25), ("RMSprop", -2.25)])
def test_the_rate_follows_the_ratio(tmp_path, optimizer, target):
    run = recorded(tmp_path / "run", optimizer=optimizer)
    told = suggest_lr(run)
    (group,) = told.groups
    assert group.name == f"{optimizer}[0]"
    assert group.ratio == pytest.approx(-2.2)
    assert group.target == target
    assert told.lr == pytest.approx(0.1)
    assert told.suggested == pytest.approx(0.1 * 10 ** (target + 2.2), rel=1e-5)
    assert group.is_usual
    assert "nothing asks for a change" in str(told)
    assert suggest_lr(run, target=-3).suggested == pytest.approx(0.1 * 10**-0.8, rel=1e-5)
    assert suggest_lr(str(run.path)).suggested == told.suggested


def test_warm_up_decay_and_the_start_do_not_count(tmp_path):
    rates = np.concatenate([np.linspace(0.001, 0.1, 20), np.full(60, 0.1), np.full(20, 0.001)])
    ratio = np.concatenate([np.full(20, -6.0), np.full(10, -1.0), np.full(50, -3.5), np.full(20, -6.0)])
    told = suggest_lr(recorded(tmp_path / "run", (ratio,), lr=rates, steps=100))
    assert told.lr == pytest.approx(0.1)
    assert told.groups[0].ratio == pytest.approx(-3.5)
    assert not told.groups[0].is_usual
    assert max(len(line) for line in str(told).splitlines()) <= 80


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"steps": 12}, "has 12 steps"),
        ({"lr": float("nan")}, "rate is not known"),
        ({"ratios": (-np.inf,)}, "none of its matrices moved"),
        ({"kind": "bias"}, "no optimizer moved a matrix"),
        ({"loss": np.geomspace(1, 1000, 60)}, "rose from"),
        ({"loss": np.where(np.arange(60) < 50, 1.0, np.inf)}, "not finite from step 50"),
        ({"loss": np.where(np.arange(60) < 50, 1.0, np.nan), "events": [(50, q.NONFINITE_LOSS)]}, "from step 50"),
    ],
)
def test_what_tells_nothing_is_refused(tmp_path, changes, says):
    with pytest.raises(TreatError, match=says):
        suggest_lr(recorded(tmp_path / "run", **changes))


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(TreatError, match="a int is no run"):
        suggest_lr(3)
    with pytest.raises(RunNotFound):
        suggest_lr("nothing")
    with pytest.raises(TreatError, match="log10"):
        suggest_lr(recorded(tmp_path / "run"), target=1e-3)


def test_too_few_looks_are_refused():
    model, (x, y) = mlp(), points()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    with auscult.watch(model, optimizer, every=10) as recorder:
        for _ in range(50):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
    with pytest.raises(TreatError, match="it takes 10"):
        suggest_lr(recorder)


@pytest.mark.parametrize(("kind", "lr", "within"), [("SGD", 1e-3, 0.25), ("Adam", 1e-5, 0.25)])
def test_following_it_brings_the_ratio_to_the_target(kind, lr, within):
    def told(lr):
        torch.manual_seed(0)
        model, (x, y) = mlp(), points(256)
        optimizer = getattr(torch.optim, kind)(model.parameters(), lr)
        with auscult.watch(model, optimizer, every=1) as recorder:
            for _ in range(60):
                optimizer.zero_grad()
                F.cross_entropy(model(x), y).backward()
                optimizer.step()
        return suggest_lr(recorder).groups[0]

    first = told(lr)
    assert first.suggested > 3 * lr
    second = told(first.suggested)
    assert abs(second.ratio - second.target) < within
