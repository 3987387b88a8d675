"""A small network learns from what a large one says of digits, and how sure it is."""

import torch
from torch import nn
from torch.nn import functional as F

from data import load
from training import options, perceptron, train

args = options(width=32, steps=300, lr=2e-3, warmth=2.0, first=200)
data = load(args)
teacher = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
optimizer = torch.optim.Adam(teacher.parameters(), 2e-3)
for _ in range(args.first):
    some = torch.randint(0, len(data.x), (64,))
    optimizer.zero_grad()
    F.cross_entropy(teacher(data.x[some]), data.y[some]).backward()
    optimizer.step()
with torch.no_grad():
    data.y, data.held_y = ((teacher(x) / args.warmth).softmax(1) for x in (data.x, data.held_x))
del teacher, optimizer
if args.shuffled:
    data.y = data.y[torch.randperm(len(data.y))]
train(args, perceptron(args, 64, 10), data,
      lambda scores, y: F.kl_div((scores / args.warmth).log_softmax(1), y, reduction="batchmean"))  # fmt: skip
