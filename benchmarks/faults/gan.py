"""Adversaries: one draws points on a ring, the other tells them from true ones."""

import torch
from torch.nn import functional as F

from training import log, options, perceptron

args = options(width=48, steps=400, lr=5e-4, activation="leaky", wasserstein=0)
drawer, teller = perceptron(args, 4, 2), perceptron(args, 2, 1)
to_draw = torch.optim.Adam(drawer.parameters(), args.lr, betas=(0.5, 0.9))
to_tell = torch.optim.Adam(teller.parameters(), args.lr, betas=(0.5, 0.9))


def true(count):
    """Points on a ring (count, 2)."""
    angle = 2 * torch.pi * torch.rand(count)
    return torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(count, 2)


def off():
    """How far the drawn points are from the ring."""
    with torch.no_grad():
        return float((drawer(torch.randn(500, 4)).norm(dim=1) - 1).abs().mean())


print(f"before {off():.5f}")
for step in range(args.steps):
    drawn = drawer(torch.randn(args.batch, 4))
    scores = teller(torch.cat([true(args.batch), drawn.detach()]))
    labels = torch.cat([torch.ones(args.batch, 1), torch.zeros(args.batch, 1)])
    if args.wasserstein:
        loss = scores[args.batch :].mean() - scores[: args.batch].mean()
    else:
        loss = F.binary_cross_entropy_with_logits(scores, labels)
    to_tell.zero_grad()
    loss.backward()
    to_tell.step()
    if args.wasserstein:
        with torch.no_grad():
            for p in teller.parameters():
                p.clamp_(-0.1, 0.1)
    score = teller(drawn)
    if args.wasserstein:
        loss = -score.mean()
    else:
        loss = F.binary_cross_entropy_with_logits(score, torch.ones_like(score))
    to_draw.zero_grad()
    loss.backward()
    to_draw.step()
    if args.log and step % args.log == 0:
        log(step, off=off())
print(f"after {off():.5f}")
