"""A network trained on digits 0 to 4, and then tuned to 5 to 9: all of it, or a new head, or the last layers."""

import torch
from torch import nn
from torch.nn import functional as F

from data import load
from training import options, perceptron, train

args = options(depth=3, steps=300, frozen=2, new_head=1, first=300)
data = load(args)
model = perceptron(args, 64, 10)
optimizer = torch.optim.Adam(model.parameters(), 2e-3)
low = data.y < 5
for _ in range(args.first):
    some = torch.randint(0, int(low.sum()), (64,))
    optimizer.zero_grad()
    F.cross_entropy(model(data.x[low][some]), data.y[low][some]).backward()
    optimizer.step()

high, held_high = data.y >= 5, data.held_y >= 5
data.x, data.y, data.held_x, data.held_y = data.x[high], data.y[high], data.held_x[held_high], data.held_y[held_high]
for layer in [m for m in model if isinstance(m, nn.Linear)][: args.frozen]:
    layer.requires_grad_(False)
if args.new_head:
    model[-1] = nn.Linear(args.width, 10)
optimizer.zero_grad()
train(args, model, data, F.cross_entropy)
