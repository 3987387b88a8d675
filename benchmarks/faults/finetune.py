"""A network trained on digits 0 to 4, and another that goes on from its weights with 5 to 9: all of it, or its end."""

import torch
from torch import nn
from torch.nn import functional as F

from data import load
from training import options, perceptron, train

args = options(depth=3, steps=300, frozen=2, new_head=1, first=300)
data = load(args)
trained = perceptron(args, 64, 10)
optimizer = torch.optim.Adam(trained.parameters(), 2e-3)
low = data.y < 5
for _ in range(args.first):
    some = torch.randint(0, int(low.sum()), (64,))
    optimizer.zero_grad()
    F.cross_entropy(trained(data.x[low][some]), data.y[low][some]).backward()
    optimizer.step()

high, held_high = data.y >= 5, data.held_y >= 5
data.x, data.y, data.held_x, data.held_y = data.x[high], data.y[high], data.held_x[held_high], data.held_y[held_high]
model = perceptron(args, 64, 10)
model.load_state_dict(trained.state_dict())
del trained, optimizer
for layer in [m for m in model if isinstance(m, nn.Linear)][: args.frozen]:
    layer.requires_grad_(False)
if args.new_head:
    model[-1] = nn.Linear(args.width, 10)
train(args, model, data, F.cross_entropy)
