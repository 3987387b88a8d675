"""The residual network: its shapes, its parameters, its start."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from auscult.errors import AuscultError
from auscult.recipes.resnet import Block, ResNet


def group_norm(channels):
    return nn.GroupNorm(2, channels)


@pytest.mark.parametrize("size", [8, 28, 33])
@pytest.mark.parametrize("stride", [1, 2])
def test_logits_of_any_size(size, stride):
    model = ResNet(3, 7, width=4, depth=(1, 2), stride=stride)
    assert model(torch.randn(5, 3, size, size)).shape == (5, 7)


def test_each_stage_halves_the_picture_and_doubles_the_channels():
    model = ResNet(1, width=4, depth=(1, 1, 2))
    x = torch.randn(2, 1, 16, 16)
    assert model.stem(x).shape == (2, 4, 16, 16)
    shapes, features = [], model.stem(x)
    for block in model.blocks:
        features = block(features)
        shapes.append(features.shape[1:])
    assert shapes == [(4, 16, 16), (8, 8, 8), (16, 4, 4), (16, 4, 4)]
    identical = [isinstance(block.shortcut, nn.Identity) for block in model.blocks]
    assert identical == [True, False, False, True]


def test_a_block_is_its_formula():
    block = Block(2, 4, 2, nn.BatchNorm2d).eval()
    x = torch.randn(3, 2, 6, 6)
    first, second, shortcut = block.first[0].weight, block.second[0].weight, block.shortcut[0].weight
    scale = 1 / math.sqrt(1 + block.first[1].eps)  # of a norm in eval mode, as it begins
    inner = F.relu(F.conv2d(x, first, stride=2, padding=1) * scale)
    expected = F.relu(F.conv2d(inner, second, padding=1) * scale + F.conv2d(x, shortcut, stride=2) * scale)
    torch.testing.assert_close(block(x), expected)


def test_the_number_of_parameters():
    """Counted by hand: convolutions 9·in·out (1 × 1: in·out), two numbers a channel of a norm, the output layer."""
    stem = 9 * 1 * 16 + 2 * 16
    stages = [(16, 16, 0), (16, 32, 16 * 32 + 2 * 32), (32, 64, 32 * 64 + 2 * 64)]
    blocks = sum(9 * i * o + 9 * o * o + 4 * o + shortcut for i, o, shortcut in stages)
    assert sum(p.numel() for p in ResNet().parameters()) == stem + blocks + 64 * 10 + 10 == 77_754


@pytest.mark.parametrize("norm", [nn.BatchNorm2d, group_norm, None])
def test_a_gradient_reaches_every_parameter(norm):
    torch.manual_seed(0)
    model = ResNet(3, 5, width=4, depth=(1, 2), norm=norm)
    F.cross_entropy(model(torch.randn(16, 3, 8, 8)), torch.arange(16) % 5).backward()
    for name, p in model.named_parameters():
        assert p.grad is not None, name
        assert p.grad.abs().sum() > 0, name
    biased = [m.bias is not None for m in model.modules() if isinstance(m, nn.Conv2d)]
    assert all(biased) if norm is None else not any(biased)


@pytest.mark.parametrize("norm", [nn.BatchNorm2d, group_norm, None])
def test_the_first_loss_is_that_of_a_guess(norm):
    torch.manual_seed(0)
    model = ResNet(1, 10, norm=norm)
    loss = F.cross_entropy(model(torch.randn(256, 1, 16, 16)), torch.arange(256) % 10)
    assert loss.item() == pytest.approx(math.log(10), abs=0.2)


def test_a_block_that_begins_as_its_shortcut():
    model = ResNet(width=4, depth=(2,), zero_last=True)
    x = torch.rand(3, 4, 5, 5)  # what comes out of a ReLU
    assert torch.equal(model.blocks[0](x), x)
    for norm in (None, lambda c: nn.BatchNorm2d(c, affine=False)):
        with pytest.raises(AuscultError, match="zero_last needs a norm with a weight"):
            ResNet(norm=norm, zero_last=True)
