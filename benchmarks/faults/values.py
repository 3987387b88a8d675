"""Q-learning on a line of twelve places: the loss chases values that grow, and need not fall."""

import copy

import torch
from torch.nn import functional as F

from training import OPTIMIZERS, options, perceptron

PLACES = 12
args = options(width=32, depth=1, steps=600, batch=32, lr=3e-3, renew=50, discount=0.9)
model = perceptron(args, PLACES, 2)
target = copy.deepcopy(model)
optimizer = OPTIMIZERS[args.optimizer](model.parameters(), args)
places = torch.eye(PLACES)


def regret():
    """The share of places from which it does not go to the end."""
    with torch.no_grad():
        return float((model(places[:-1]).argmax(1) != 1).float().mean())


print(f"before {regret() + 0.01:.5f}")
for step in range(args.steps):
    if step % args.renew == 0:
        target.load_state_dict(model.state_dict())
    at, go = torch.randint(0, PLACES - 1, (args.batch,)), torch.randint(0, 2, (args.batch,))
    there = (at + 2 * go - 1).clamp_min(0)
    reward = (there == PLACES - 1).float()
    with torch.no_grad():
        goal = reward + args.discount * (1 - reward) * target(places[there]).max(1).values
    value = model(places[at]).gather(1, go[:, None]).squeeze(1)
    optimizer.zero_grad()
    F.smooth_l1_loss(value, goal).backward()
    optimizer.step()
print(f"after {regret() + 0.01:.5f}")
