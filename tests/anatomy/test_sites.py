"""What autograd keeps and what is read from it, without anything being trained."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from auscult.anatomy import log_likelihood, losses_of, output_of, read, weight_rows
from auscult.anatomy.nodes import (
    bias_of,
    is_opaque,
    is_packed,
    is_scalar,
    kept,
    leaf,
    turns,
    walk,
    watch_hooks,
    weight_of,
)
from auscult.anatomy.sites import upstream
from auscult.anatomy.values import PART, some

X, Y = torch.randn(8, 6, generator=torch.Generator().manual_seed(0)), torch.arange(8) % 4


@pytest.fixture
def W():
    return torch.randn(6, 4, generator=torch.Generator().manual_seed(1)).requires_grad_()


def product(x):
    """The node of the product that made a tensor."""
    return next(n for n in walk([x.grad_fn]) if n.name().startswith(("Mm", "Addmm")))


class TestNodes:
    def test_what_is_kept(self, W):
        made = torch.tanh(X @ W)
        assert torch.equal(kept(made.grad_fn, "result"), made.detach())
        assert not kept(made.grad_fn, "result").requires_grad
        assert kept(made.grad_fn, "self") is None
        assert kept(product(made), "mat2") is None  # its operand takes no gradient

    def test_what_was_overwritten_or_freed_is_not_kept(self, W):
        made = torch.tanh(X @ W)
        node = made.grad_fn
        made.sum().backward(retain_graph=True)
        assert kept(node, "result") is not None
        made.sum().backward()
        assert kept(node, "result") is None
        made = torch.tanh(X @ W)
        node = made.grad_fn
        with torch.no_grad():
            made.add_(1)
        assert kept(node, "result") is None

    def test_what_hooks_hold_is_left_to_them(self, W):
        def unpack(t):
            raise AssertionError("unpacked")

        made = torch.tanh(X @ W)
        assert not is_packed(made.grad_fn, "result")
        unwatch = watch_hooks()
        with torch.autograd.graph.saved_tensors_hooks(lambda t: t, unpack):
            made = torch.tanh(X @ W)
        unwatch()
        assert is_packed(made.grad_fn, "result")
        assert kept(made.grad_fn, "result") is None
        watch_hooks()()  # of PyTorch before 2.12, which does not tell: forget it

    def test_weights_are_found_past_casts_and_turns_and_no_further(self, W):
        for operand, times in ((W, 0), (W.T, 1), (W.T.T, 2), (W.bfloat16().float(), 0), (W.reshape(4, 6).T, 1)):
            node = operand.grad_fn or torch.autograd.graph.get_gradient_edge(operand).node
            assert weight_of(node) is W
            assert turns(node) == times
        for operand in (W + 1, torch.relu(W), W * W):
            assert weight_of(operand.grad_fn) is None
        assert weight_of((W / 2).grad_fn) is W
        assert bias_of((W / 2).grad_fn) is None  # other numbers than the leaf's
        assert weight_of(None) is None

    def test_leaves_scalars_and_opaque_nodes(self, W):
        made = (X @ W).sum()
        assert is_scalar(made.grad_fn)
        assert not is_scalar(product(made))
        assert not is_opaque(made.grad_fn)
        assert [leaf(n) for n in walk([made.grad_fn]) if leaf(n) is not None] == [W]
        assert walk([None]) == {}


class TestLayers:
    def test_roots_may_come_one_by_one(self, W):
        made = torch.tanh(X @ W)
        sites = read(r for r in (made.mean(), made.square().mean())).sites
        assert [s.operation for s in sites] == ["linear"]
        assert sites[0].is_output

    def test_roots_without_a_graph(self):
        assert read([torch.ones(())]).sites == ()
        assert losses_of([torch.ones(())]) == []

    def test_rows_of_weights_are_units(self, W):
        for operand, expected in ((W, W.T), (W.reshape(4, 6).T, W.reshape(4, 6))):
            (site,) = read([(X @ operand).sum()]).sites
            assert (site.fan_in, site.units) == (6, 4)
            if operand is W:
                assert torch.equal(weight_rows(site), expected)
        V = W.detach().T.contiguous().requires_grad_()
        for made in (X @ V.T, (V @ X.T).T, F.linear(X, V)):
            (site,) = read([made.sum()]).sites
            assert torch.equal(weight_rows(site), V)
        (site,) = read([torch.einsum("bi,oi->bo", X, V).sum()]).sites
        assert weight_rows(site) is None  # which way it was turned is not clear

    def test_outputs_are_computed_of_some_examples_where_nobody_keeps_them(self, W):
        many = torch.randn(PART // 3, 6)
        (site,) = read([torch.tanh(many @ W).sum()]).sites
        assert output_of(site, compute=False) is None
        made = output_of(site)
        assert made.numel() <= PART
        torch.testing.assert_close(made, (many @ W).detach()[: len(made)])
        assert len(made) > 1000

    def test_some_keeps_all_units(self):
        x = torch.arange(4.0 * PART).view(-1, 4)
        assert some(x).shape == (PART // 4, 4)
        assert some(x.T, 0).shape == (4, PART // 4)
        assert some(x[:10]) is not None
        assert some(x[:10]).shape == (10, 4)

    def test_upstream_stops_where_units_are_mixed(self, W):
        made = torch.tanh(X @ W)
        anatomy = read([made.sum()])
        (site,) = anatomy.sites
        node = (made * 2).unsqueeze(0).grad_fn
        assert upstream(node, {site.output: site})[0] is site
        for mixed in (torch.cat([made, made]), made @ torch.ones(4, 4), F.softmax(made, 1) @ made.T):
            assert upstream(mixed.grad_fn, anatomy.by_node)[0] is None
        assert upstream(None, anatomy.by_node) == (None, [])


class TestLosses:
    def test_the_nearest_first(self, W):
        made = X @ W
        total = F.mse_loss(made, torch.ones(8, 4)) * 0.1 * 2 + F.cross_entropy(made, Y)
        assert [loss.kind for loss in losses_of([total])] == ["cross-entropy", "squared-error"]
        assert all(loss.node is not None for loss in losses_of([total]))

    def test_likelihoods_of_what_counts(self, W):
        targets = torch.tensor([0, -100, 2, 3, 1, -100, 0, 0])
        (loss,) = losses_of([F.cross_entropy(X @ W, targets)])
        likelihood, classes = log_likelihood(loss)
        assert classes.tolist() == [0, 2, 3, 1, 0, 0]
        torch.testing.assert_close(-likelihood.mean(), F.cross_entropy(X @ W, targets).detach())

    def test_likelihoods_of_images(self):
        conv, x = nn.Conv2d(3, 5, 1), torch.randn(2, 3, 4, 4)
        targets = torch.randint(0, 5, (2, 4, 4))
        total = F.cross_entropy(conv(x), targets)
        likelihood, classes = log_likelihood(losses_of([total])[0])
        assert torch.equal(classes, targets.reshape(-1))
        torch.testing.assert_close(-likelihood.mean(), total.detach())

    @pytest.mark.parametrize("some", [torch.arange(3), torch.arange(8) < 3, slice(3)])
    def test_log_probabilities_of_some_examples(self, W, some):
        logged = F.log_softmax(X @ W, 1)
        (loss,) = losses_of([F.nll_loss(logged[some], Y[some])])
        assert (loss.kind, loss.fed, len(loss.target)) == ("cross-entropy", "", 3)
        assert losses_of([F.nll_loss(logged[:, torch.tensor([0, 1, 2, 3])], Y)]) == []

    def test_a_distillation_is_a_loss_and_what_is_learnt_is_no_target(self, W):
        logged = F.log_softmax(X @ W, 1)
        teacher = torch.rand(8, 4).softmax(1)
        (loss,) = losses_of([-(teacher * logged).sum(1).mean()])
        assert loss.kind == "cross-entropy"
        assert torch.equal(loss.target, teacher)
        assert losses_of([-(logged.exp() * logged).sum(1).mean()]) == []
        assert losses_of([-(logged * math.log(2)).sum()]) == []
