"""The trainings whose cost is measured: a char MLP, of plain tensors and of modules, a small CNN, GPT and GAN."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - as everyone writes it
from torch import Tensor, nn


@dataclass
class Training:
    """One training: `watched` and `optimizer` are what a user would give to watch; `loss` is that of a batch.

    Where several take turns, `optimizer` is theirs, `loss` that of the first, and `others` those of the rest.
    """

    loss: Callable[[], Tensor]
    watched: nn.Module | dict[str, Tensor]
    optimizer: torch.optim.Optimizer | list[torch.optim.Optimizer] | None
    lr: float
    others: Sequence[Callable[[], Tensor]] = ()

    def __post_init__(self) -> None:
        named = self.watched if isinstance(self.watched, dict) else dict(self.watched.named_parameters())
        self.named = named
        self.parameters = list(named.values())

    @property
    def model(self) -> nn.Module:
        """The module that is trained; only where there is one."""
        assert isinstance(self.watched, nn.Module)
        return self.watched

    def step(self) -> Tensor:
        """One step, and its loss: the first one's, where several take turns."""
        optimizers = self.optimizer if isinstance(self.optimizer, list) else [self.optimizer]
        losses = [self._turn(*turn) for turn in zip((self.loss, *self.others), optimizers, strict=True)]
        return losses[0]

    def _turn(self, loss_of: Callable[[], Tensor], optimizer: torch.optim.Optimizer | None) -> Tensor:
        loss = loss_of()
        self.zero(optimizer)
        loss.backward()
        self.move(optimizer)
        return loss

    def zero(self, optimizer: torch.optim.Optimizer | None) -> None:
        """Forget the gradients."""
        if optimizer is None:
            for p in self.parameters:
                p.grad = None
        else:
            optimizer.zero_grad()

    def move(self, optimizer: torch.optim.Optimizer | None) -> None:
        """Update the parameters; without an optimizer, as the lecture does it."""
        if optimizer is None:
            for p in self.parameters:
                p.data += -self.lr * p.grad  # type: ignore[operator]
        else:
            optimizer.step()


def char_mlp() -> Training:
    """The lecture's model of names, 11,897 parameters, plain tensors."""
    g = torch.Generator().manual_seed(0)
    x, y = torch.randint(0, 27, (20_000, 3), generator=g), torch.randint(0, 27, (20_000,), generator=g)
    shapes = {"C": (27, 10), "W1": (30, 200), "b1": (200,), "W2": (200, 27), "b2": (27,)}
    stds = {"C": 1, "W1": (5 / 3) / 30**0.5, "b1": 0.01, "W2": 0.01, "b2": 0}
    named = {n: (torch.randn(shape, generator=g) * stds[n]).requires_grad_() for n, shape in shapes.items()}
    C, W1, b1, W2, b2 = named.values()  # noqa: N806 - the lecture's names

    def loss() -> Tensor:
        at = torch.randint(0, len(x), (32,), generator=g)
        return F.cross_entropy(torch.tanh(C[x[at]].flatten(1) @ W1 + b1) @ W2 + b2, y[at])

    return Training(loss, named, None, 0.1)


def char_mlp_modules() -> Training:
    """The same network as modules, under SGD."""
    torch.manual_seed(0)
    g = torch.Generator().manual_seed(0)
    x, y = torch.randint(0, 27, (20_000, 3), generator=g), torch.randint(0, 27, (20_000,), generator=g)
    model = nn.Sequential(nn.Embedding(27, 10), nn.Flatten(), nn.Linear(30, 200), nn.Tanh(), nn.Linear(200, 27))

    def loss() -> Tensor:
        at = torch.randint(0, len(x), (32,), generator=g)
        return F.cross_entropy(model(x[at]), y[at])

    return Training(loss, model, torch.optim.SGD(model.parameters(), 0.1), 0.1)


def small_cnn() -> Training:
    """Three convolutions with batch norm on 28 × 28 pictures, batch 32, SGD with momentum."""
    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for a, b in ((1, 16), (16, 32), (32, 64)):
        layers += [nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2)]
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 9, 10))
    x, y = torch.randn(32, 1, 28, 28), torch.randint(0, 10, (32,))
    return _on_one_batch(model, torch.optim.SGD(model.parameters(), 0.01, momentum=0.9), x, y)


class GPT(nn.Module):
    """A small transformer: 4 blocks of width 64, 4 heads, context 32, vocabulary 64."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens, self.places = nn.Embedding(64, 64), nn.Embedding(32, 64)
        block = [
            nn.TransformerEncoderLayer(64, 4, 256, 0.0, "gelu", batch_first=True, norm_first=True) for _ in range(4)
        ]
        self.blocks = nn.ModuleList(block)
        self.norm, self.head = nn.LayerNorm(64), nn.Linear(64, 64, bias=False)

    def forward(self, x: Tensor) -> Tensor:  # (batch, context)
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        h = self.tokens(x) + self.places.weight
        for block in self.blocks:
            h = block(h, mask, is_causal=True)
        return self.head(self.norm(h)).flatten(0, 1)


def small_gpt() -> Training:
    """The small transformer, batch 8, AdamW."""
    torch.manual_seed(0)
    model = GPT()
    x, y = torch.randint(0, 64, (8, 32)), torch.randint(0, 64, (8 * 32,))
    return _on_one_batch(model, torch.optim.AdamW(model.parameters(), 1e-3), x, y)


def small_gan() -> Training:
    """A generator and a discriminator of two layers each on points of the plane, batch 64, an Adam for each."""
    torch.manual_seed(0)
    generator = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 2))
    discriminator = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 1))
    judge, true, false = F.binary_cross_entropy_with_logits, torch.ones(64, 1), torch.zeros(64, 1)
    optimizers: list[torch.optim.Optimizer] = [
        torch.optim.Adam(net.parameters(), 1e-3) for net in (discriminator, generator)
    ]

    def of_discriminator() -> Tensor:
        made = generator(torch.randn(64, 8)).detach()
        return judge(discriminator(0.5 * torch.randn(64, 2) + 1), true) + judge(discriminator(made), false)

    def of_generator() -> Tensor:
        return judge(discriminator(generator(torch.randn(64, 8))), true)

    watched = nn.ModuleDict({"discriminator": discriminator, "generator": generator})
    return Training(of_discriminator, watched, optimizers, 1e-3, (of_generator,))


def _on_one_batch(model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor) -> Training:
    def loss() -> Tensor:
        return F.cross_entropy(model(x), y)

    return Training(loss, model, optimizer, optimizer.param_groups[0]["lr"])


TRAININGS: dict[str, Callable[[], Training]] = {
    "char MLP": char_mlp,
    "char MLP, modules": char_mlp_modules,
    "small CNN": small_cnn,
    "small GPT": small_gpt,
    "small GAN": small_gan,
}
