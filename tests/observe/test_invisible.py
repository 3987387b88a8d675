"""It changes nothing, and it leaves nothing behind."""

import copy
import io
import os
import threading
import time

import pytest
import torch
from functorch.compile import make_boxed_func
from torch import nn
from torch._dynamo.backends.common import aot_autograd

import auscult
from auscult.observe import hub, naming
from auscult.runs import quantities as q


def train(watching, compiled=False, steps=30, every=1):
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(inplace=True), nn.Dropout(0.2), nn.Linear(16, 3)
    )
    model.append(nn.Identity())
    forward = torch.compile(model, backend="eager", fullgraph=True) if compiled else model
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    recorder = auscult.watch(model, optimizer, every=every) if watching else None
    for _ in range(steps):
        loss = nn.functional.cross_entropy(forward(torch.randn(16, 8)), torch.randint(0, 3, (16,)))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    if recorder:
        recorder.close()
        assert recorder.bill.faults == 0
        assert recorder.run.steps == steps
    return model.state_dict(), optimizer.state_dict()["state"], torch.get_rng_state()


def same(a, b):
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, tuple):
        return all(same(x, y) for x, y in zip(a, b, strict=True))
    return a == b


@pytest.mark.parametrize("every", [1, 7, None])
@pytest.mark.parametrize("compiled", [False, True])
def test_weights_optimizer_state_and_random_numbers_are_identical(compiled, every):
    assert same(train(False, compiled), train(True, compiled, every=every))


def test_nothing_is_left_behind():
    def wrapped():
        clip_grad = torch.nn.utils.clip_grad
        return torch.autograd.backward, torch.autograd.grad, clip_grad._get_total_norm, torch.amp.GradScaler.scale

    before = wrapped()
    from torch.optim import optimizer as module
    from torch.utils.data import DataLoader

    iterate, make = DataLoader.__iter__, torch.optim.Optimizer.__init__
    hooks = len(module._global_optimizer_pre_hooks), len(module._global_optimizer_post_hooks)
    model = nn.Linear(3, 3)
    with auscult.watch(model), auscult.watch(nn.Linear(2, 2)):
        assert torch.autograd.backward is not before[0]
    assert wrapped() == before
    assert DataLoader.__iter__ is iterate
    assert torch.optim.Optimizer.__init__ is make
    assert (len(module._global_optimizer_pre_hooks), len(module._global_optimizer_post_hooks)) == hooks
    assert hub._listeners == ()
    assert not model._forward_hooks
    assert not model._backward_hooks


def test_an_exception_in_the_block_ends_the_run_and_goes_on():
    model = nn.Linear(3, 3)
    recorder = auscult.watch(model)
    with pytest.raises(ZeroDivisionError), recorder:
        _ = 1 / 0
    assert recorder.run.status == "failed"
    assert recorder.run.fact("error") == "ZeroDivisionError: division by zero"
    assert hub._listeners == ()


def test_models_can_be_saved_and_copied_while_watched():
    model = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=1) as recorder:
        average = copy.deepcopy(model)
        for _ in range(3):
            optimizer.zero_grad()
            model(torch.randn(4, 3)).sum().backward()
            optimizer.step()
            average(torch.randn(4, 3)).sum().backward()
        torch.save(model, io.BytesIO())
    assert recorder.run.steps == 3
    assert recorder.bill.faults == 0


@pytest.mark.parametrize("native", [True, False])
def test_a_fault_of_ours_never_reaches_the_training(monkeypatch, capsys, native):
    from auscult.observe import probe

    def broken(*args):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(*((probe.memory, "moments") if native else (probe, "centred")), broken)
    model = nn.Linear(3, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=1, native=native) as recorder:
        for _ in range(60):
            optimizer.zero_grad()
            model(torch.randn(4, 3)).sum().backward()
            optimizer.step()
    assert capsys.readouterr().err.count("broken on purpose") == 1
    assert recorder.bill.faults == 20  # then it stops listening
    assert len(recorder.run.events(q.FAULT)) == 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_is_not_heard():
    model = nn.Linear(3, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def step():
        optimizer.zero_grad()
        model(torch.ones(1, 3)).sum().backward()
        optimizer.step()

    with auscult.watch(model, optimizer, every=1) as recorder:
        step()
        child = os.fork()
        if child == 0:
            step()
            os._exit(0)
        os.waitpid(child, 0)
        step()
    assert recorder.run.steps == 2


def test_a_wrong_number_to_log_is_said_once_and_survived(capsys):
    model = nn.Linear(3, 3)
    with auscult.watch(model) as recorder:
        recorder.log(accuracy="high")
        recorder.log(accuracy="higher")
    assert capsys.readouterr().err.count("log(accuracy=…) takes a number") == 1


@pytest.mark.parametrize("eager", [False, True])
def test_compiled_code_is_seen_where_that_is_asked_for(eager):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Tanh(), torch.nn.Linear(16, 3))
    graphs = []

    def backend(graph, _):
        graphs.append(graph)
        return make_boxed_func(graph.forward)

    x, y = torch.randn(12, 8), torch.randint(0, 3, (12,))
    compiled = torch.compile(net, backend=aot_autograd(fw_compiler=backend, bw_compiler=backend))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    with auscult.watch(net, optimizer, dense=2, eager=eager) as recorder:
        for _ in range(60):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(compiled(x), y).backward()
            optimizer.step()
    assert len(graphs) == 2  # one for the forward and one for the backward pass, however often we looked
    run = recorder.run
    assert run.bill.faults == 0
    assert run.fact("compiled") is (None if eager else True)
    assert [layer.shown_as for layer in run.layers] == (["tanh(0)", "2"] if eager else [])
    assert ("eager" in str(auscult.diagnose(run))) is not eager
    assert torch._dynamo.eval_frame._stance.stance == "default"


def test_a_thread_that_makes_tuples_is_not_disturbed_by_the_search_for_modules():
    going, errors, model = True, [], torch.nn.Linear(2, 2)

    def make_tuples():
        try:
            while going:
                tuple(i for i in range(500))  # its interpreter refuses to go on where someone else holds it half made
        except SystemError as e:
            errors.append(e)

    thread = threading.Thread(target=make_tuples)
    thread.start()
    end = time.monotonic() + 2
    while time.monotonic() < end and not errors:
        assert any(found is model for found in naming.alive(torch.nn.Module))
    going = False
    thread.join()
    assert not errors
