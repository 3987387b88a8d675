"""On a GPU: what is measured is right, the program is not made to wait for it, and a captured graph is not spoilt."""

import numpy as np
import pytest
import torch
from torch import nn

import auscult
from auscult.runs import quantities as q

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU here")


def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(64, 128), nn.Tanh(), nn.Linear(128, 8)).cuda()


def test_every_update_is_measured_and_a_step_waits_for_nothing():
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, foreach=True)
    x = torch.randn(32, 64, device="cuda")
    wanted = []
    with auscult.watch(model, optimizer, every=10**9, updates=1) as recorder:
        for step in range(200):
            optimizer.zero_grad()
            loss = model(x).pow(2).mean()
            before = model[0].weight.detach().clone()
            torch.cuda.set_sync_debug_mode("error" if step > 20 else "default")
            loss.backward()
            optimizer.step()
            torch.cuda.set_sync_debug_mode("default")
            update = model[0].weight.detach().double() - before.double()
            wanted.append((update.std() / before.double().std()).log10().item())
    got = recorder.run.series(q.RATIO, "0.weight")
    assert got.steps.tolist() == list(range(200))
    np.testing.assert_allclose(got.values, wanted, atol=2e-3)
    assert recorder.bill.faults == 0


def test_a_training_step_can_be_captured():
    model = net()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, capturable=True)
    x = torch.randn(32, 64, device="cuda")

    def step():
        optimizer.zero_grad(set_to_none=True)
        model(x).pow(2).mean().backward()
        optimizer.step()

    with auscult.watch(model, optimizer, every=1) as recorder:
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                step()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            step()
        then = model[0].weight.detach().clone()
        graph.replay()
        torch.cuda.synchronize()
    assert not torch.equal(then, model[0].weight)
    assert recorder.run.steps == 3
    assert recorder.bill.faults == 0
