"""Looks in loops of every kind: whose pass it is, what is recorded once, and what is let go of."""

import gc
import math
import weakref

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from look_reference import OUTPUT_GRAD, four
from torch import nn

import auscult
from auscult.runs import quantities as q

X, Y = torch.randn(16, 6, generator=torch.Generator().manual_seed(0)), torch.arange(16) % 4


def mlp():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))


def trained(model, step, steps=3, lr=0.1, every=1, make=torch.optim.SGD):
    """The run of a loop: `step(model, optimizer, i)` does all but forget the gradients of the step before."""
    optimizer = make(model.parameters(), lr=lr)
    with auscult.watch(model, optimizer, every=every) as recorder:
        for i in range(steps):
            optimizer.zero_grad()
            step(model, optimizer, i)
    assert recorder.bill.faults == 0
    return recorder.run


def test_of_accumulated_passes_the_first_is_looked_at():
    expected = []

    def step(model, optimizer, i):
        for part in range(4):
            loss = F.cross_entropy(model(X[part * 4 :][:4]), Y[part * 4 :][:4])
            (loss / 4).backward()
            if part == 0:
                expected.append(loss.item())
        optimizer.step()

    run = trained(mlp(), step)
    np.testing.assert_allclose(run.series(q.TASK_LOSS).values, expected, rtol=1e-5)
    assert run.series(q.TASK_EXAMPLES).values.tolist() == [4, 4, 4]


def test_of_two_passes_over_one_graph_the_first_is_looked_at():
    expected = []

    def step(model, optimizer, i):
        made = model(X)
        loss = F.cross_entropy(made, Y)
        (gradient,) = torch.autograd.grad(loss, made, retain_graph=True)
        expected.append(four(gradient)[1])
        loss.backward(retain_graph=True)
        made.square().mean().backward()
        optimizer.step()

    run = trained(mlp(), step)
    np.testing.assert_allclose(run.series(OUTPUT_GRAD[1], "2").values, expected, rtol=1e-5)


def test_of_closures_the_first_is_looked_at():
    expected = []

    def step(model, optimizer, i):
        losses = []

        def closure():
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), Y)
            loss.backward()
            losses.append(loss.item())
            return loss

        optimizer.step(closure)
        assert len(losses) > 1
        expected.append(losses[0])

    run = trained(mlp(), step, make=lambda p, lr: torch.optim.LBFGS(p, lr=lr, max_iter=4))
    np.testing.assert_allclose(run.series(q.TASK_LOSS).values, expected, rtol=1e-5)


def test_adversaries_take_turns():
    torch.manual_seed(0)
    G = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 6))
    D = nn.Sequential(nn.Linear(6, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
    of_g, of_d = torch.optim.Adam(G.parameters(), 1e-3), torch.optim.Adam(D.parameters(), 1e-3)
    judge, expected, made = F.binary_cross_entropy_with_logits, [], []
    with auscult.watch({"G": G, "D": D}, [of_d, of_g], every=1) as recorder:
        for _ in range(7):
            of_d.zero_grad()
            real = judge(D(X), torch.ones(16, 1))
            (real + judge(D(G(torch.randn(16, 3)).detach()), torch.zeros(16, 1))).backward()
            of_d.step()
            expected.append(real.item())
            of_g.zero_grad()
            faked = G(torch.randn(16, 3))
            made.append(faked.std().item())
            judge(D(faked), torch.zeros(16, 1)).backward()
            of_g.step()
    run = recorder.run
    assert recorder.bill.faults == 0
    assert [layer.name for layer in run.layers] == ["D.0", "D.2", "D.0#2", "D.2#2", "G.0", "G.2"]
    np.testing.assert_allclose(run.series(q.TASK_LOSS).values, expected, rtol=1e-5)  # the first one's, once a step
    assert run.series(q.TASK_LOSS_BASE).values.tolist() == [0.0] * 7  # the other's labels are not mixed in
    np.testing.assert_allclose(run.series(q.OUTPUT_STD, "G.2").values, made, rtol=1e-4)
    # each of them is looked at in full
    assert len(run.arrays(q.HISTOGRAM_ACTIVATION, "G.0")) == len(run.arrays(q.HISTOGRAM_ACTIVATION, "D.0")) == 2


class Fails(torch.autograd.Function):
    now = False

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        if Fails.now:
            raise ValueError("in the middle")
        return gradient


def test_a_backward_pass_that_is_given_up_leaves_nothing_behind():
    expected, graphs = [], []

    def step(model, optimizer, i):
        Fails.now = i == 1
        made = model(X)
        loss = F.cross_entropy(Fails.apply(made), Y)
        graphs.append(loss.grad_fn)
        try:
            loss.backward()
        except ValueError:
            return
        expected.append(loss.item())
        optimizer.step()

    run = trained(mlp(), step, steps=5)
    np.testing.assert_allclose(run.series(q.TASK_LOSS).values, expected, rtol=1e-5)
    assert len(expected) == 4
    assert np.isfinite(run.series(q.ACTIVATION_GRAD_STD, "0").values).all()


def test_a_step_after_a_pass_that_was_given_up_has_no_look():
    def step(model, optimizer, i):
        Fails.now = i == 1
        loss = F.cross_entropy(Fails.apply(model(X)), Y)
        try:
            loss.backward()
        except ValueError:
            for p in model.parameters():
                p.grad = torch.zeros_like(p)
        optimizer.step()

    run = trained(mlp(), step)
    assert run.series(q.TASK_LOSS).steps.tolist() == [0, 2]


def test_mixed_precision_divides_the_gradients_back():
    expected = []

    def make_step():
        scaler = torch.amp.GradScaler("cpu", init_scale=4096.0)

        def step(model, optimizer, i):
            made = model(X)
            loss = F.cross_entropy(made, Y)
            (gradient,) = torch.autograd.grad(loss, made, retain_graph=True)
            expected.append(four(gradient))
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()

        return step

    run = trained(mlp(), make_step())
    for at, quantity in enumerate(OUTPUT_GRAD):
        got = run.series(quantity, "2").values
        np.testing.assert_allclose(got, [e[at] for e in expected], rtol=1e-4, atol=1e-8)
    low, high = run.arrays(q.HISTOGRAM_OUTPUT_GRAD, "2")[0].values[:2]
    assert max(-low, high) == pytest.approx(expected[0][2], rel=1e-4)


def test_gradients_scaled_by_nobody_knows_what_are_not_told():
    def make_step():
        scaler = torch.amp.GradScaler("cpu", init_scale=4096.0)

        def step(model, optimizer, i):
            scaler.scale(F.cross_entropy(model(X), Y) * 0).backward()
            scaler.step(optimizer)
            scaler.update()

        return step

    run = trained(mlp(), make_step())
    assert math.isnan(run.series(q.OUTPUT_GRAD_STD, "2").values[0])
    assert run.arrays(q.HISTOGRAM_OUTPUT_GRAD, "2") == ()
    assert len(run.arrays(q.HISTOGRAM_OUTPUT, "2")) == 1


def test_norms_switched_to_eval_in_between():
    model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 4))

    def step(model, optimizer, i):
        model.train(i not in (2, 3))
        F.cross_entropy(model(X), Y).backward()
        optimizer.step()

    run = trained(model, step, steps=6)
    assert run.series(q.NORM_TRAINS, "1").values.tolist() == [1, 1, 0, 0, 1, 1]
    assert run.series(q.NORM_MEAN_DRIFT, "1").steps.tolist() == [0, 1, 4, 5]


@pytest.mark.parametrize("full", [True, False])
def test_nothing_is_held_after_a_step(full):
    held = []

    def step(model, optimizer, i):
        made = model[:2](X)
        loss = F.cross_entropy(model[2](made), Y)
        made.register_hook(lambda g: held.append(weakref.ref(g)))
        held.append(weakref.ref(made))
        held.append(weakref.ref(loss))
        loss.backward()
        del made, loss
        optimizer.step()
        assert [h() for h in held] == [None] * 3, (full, i)
        held.clear()

    trained(mlp(), step, steps=1 if full else 4)


def test_what_is_kept_between_backward_and_step_is_small():
    model = nn.Sequential(nn.Linear(6, 3000), nn.Tanh(), nn.Linear(3000, 4))
    data = torch.randn(500, 6)
    storages = []

    def step(model, optimizer, i):
        made = model[:2](data)
        storages.append(weakref.ref(made.untyped_storage()))
        F.cross_entropy(model[2](made), torch.arange(500) % 4).backward()
        del made
        assert storages[-1]() is None  # the histogram and the picture are copies of a few elements
        optimizer.step()

    trained(model, step, steps=1)


def test_many_steps_leave_no_more_than_few():
    def objects():
        gc.collect()
        return sum(type(x).__name__ != "Frame" for x in gc.get_objects())  # these wait for the writer, so many at most

    model, counts = mlp(), []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with auscult.watch(model, optimizer, every=1):
        for i in range(401):
            optimizer.zero_grad()
            F.cross_entropy(model(X), Y).backward()
            optimizer.step()
            if i in (100, 400):
                counts.append(objects())
    assert counts[1] - counts[0] < 150  # of 300 looks


def test_a_model_that_goes_while_a_step_is_half_done():
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    recorder = auscult.watch(model, optimizer, every=1)
    for step in (True, False):
        loss = F.cross_entropy(model(X), Y)
        loss.backward()
        if step:
            optimizer.step()
    del model, optimizer, loss
    gc.collect()
    recorder.close()
    assert recorder.bill.faults == 0
    assert recorder.run.status == "finished"
    assert recorder.run.series(q.TASK_LOSS).steps.tolist() == [0]


def test_full_looks_come_ever_more_seldom():
    run = trained(mlp(), lambda m, o, i: (F.cross_entropy(m(X), Y).backward(), o.step()), steps=20)
    assert [a.step for a in run.arrays(q.HISTOGRAM_OUTPUT, "0")] == [0, 5, 10, 15]
    assert len(run.series(q.ACTIVATION_STD, "0")) == 20
    assert run.arrays(q.UNITS, "0")[-1].step == 19  # the lives of all looks
    assert run.arrays(q.UNITS, "0")[-1].values[0].tolist() == [19] * 8
