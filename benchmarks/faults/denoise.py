"""A convolutional network that takes the noise out of pictures of digits."""

import torch
from torch import nn
from torch.nn import functional as F

from data import load
from training import ACTIVATIONS, has_bias, norm, options, train

args = options(data="pictures", width=12, depth=3, steps=300, noise=0.7)
data = load(args)
channels, layers = 1, []
for _ in range(args.depth):
    layers += [nn.Conv2d(channels, args.width, 3, padding=1, bias=has_bias(args)), *norm(args, args.width, True)]
    layers += [ACTIVATIONS[args.activation]()]
    channels = args.width
model = nn.Sequential(*layers, nn.Conv2d(channels, 1, 3, padding=1))
data.y, data.held_y, data.classes = data.x, data.held_x, 0
if args.shuffled:  # each is asked to become another one
    data.y = data.y[torch.randperm(len(data.y))]
train(args, model, data, F.mse_loss, prepare=lambda x, y: (x + args.noise * torch.randn_like(x), y))
