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


class Words(nn.Module):
    """A lookup table, a norm, an activation and a head."""

    def __init__(self):
        super().__init__()
        self.embed, self.norm = nn.Embedding(20, 16), nn.BatchNorm1d(32)
        self.mid, self.head = nn.Linear(32, 32), nn.Linear(32, 8)

    def forward(self, x):
        return self.head(torch.relu(self.mid(self.norm(self.embed(x).flatten(1)))))


@pytest.mark.parametrize("set_to_none", [True, False])
def test_a_look_waits_for_nothing_and_sees_what_a_look_that_waits_sees(set_to_none, monkeypatch):
    torch.manual_seed(0)
    x, y = torch.randint(0, 20, (64, 2), device="cuda"), torch.randint(0, 8, (64,), device="cuda")
    y[:3] = -100  # these count for nothing
    start = Words().state_dict()

    def trained(mode):
        model = Words().cuda()
        model.load_state_dict(start)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.05, foreach=True)
        with auscult.watch(model, optimizer, every=1) as recorder:
            for step in range(30):
                optimizer.zero_grad(set_to_none=set_to_none)
                loss = nn.functional.cross_entropy(model(x), y)
                torch.cuda.set_sync_debug_mode(mode if step > 6 else "default")  # full looks are among them
                try:
                    loss.backward()
                    optimizer.step()
                finally:
                    torch.cuda.set_sync_debug_mode("default")
        assert recorder.bill.faults == 0, recorder.run.events(q.FAULT)
        return recorder.run

    got = trained("error")
    monkeypatch.setattr("auscult.observe.arrival.comes_later", lambda device: False)
    want = trained("default")
    assert got.quantities.keys() == want.quantities.keys()
    for quantity, subjects in want.quantities.items():
        for subject in subjects if quantity != q.STEP_TIME else ():
            one, other = got.series(quantity, subject), want.series(quantity, subject)
            assert one.steps.tolist() == other.steps.tolist(), (quantity, subject)
            np.testing.assert_allclose(one.values, other.values, rtol=1e-2, atol=1e-3, err_msg=f"{quantity} {subject}")
    np.testing.assert_array_equal(got.series(q.LOSS).steps, np.arange(30))


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


def test_what_a_norm_gets_in_an_evaluation():
    torch.manual_seed(0)
    norm = nn.BatchNorm1d(16)
    model = nn.Sequential(nn.Linear(8, 16, bias=False), norm, nn.ReLU(), nn.Linear(16, 4)).cuda()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.randn(64, 8, device="cuda"), torch.arange(64, device="cuda") % 4
    with auscult.watch(model, optimizer) as recorder:
        for _ in range(30):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            model(3 * x + 1)
            got = model[0](3 * x + 1).double()
    deviation = torch.maximum(got.var(0, correction=0), norm.running_var.double()).add(norm.eps).sqrt()
    away = ((norm.running_mean.double() - got.mean(0)) / deviation).square().mean().sqrt().item()
    (value,) = recorder.run.series(q.EVAL_MEAN_DRIFT, "1").values
    assert value == pytest.approx(away, rel=1e-3)
    assert recorder.bill.faults == 0
