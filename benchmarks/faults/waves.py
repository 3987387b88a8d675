"""Convolutions over time tell kinds of waves apart, or say how fast they are."""

from torch import nn
from torch.nn import functional as F

from data import load
from training import ACTIVATIONS, classify, has_bias, options, train

args = options(data="waves", width=12, depth=3, steps=300, batch=32)
data = load(args)
channels, layers = 1, []
for _ in range(args.depth):
    layers += [nn.Conv1d(channels, args.width, 5, stride=2, padding=2, bias=has_bias(args))]
    layers += [nn.BatchNorm1d(args.width, momentum=args.norm_momentum)] if args.norm == "batch" else []
    layers += [nn.GroupNorm(3, args.width)] if args.norm == "group" else []
    layers += [ACTIVATIONS[args.activation]()]
    channels = args.width
model = nn.Sequential(*layers, nn.AdaptiveAvgPool1d(2), nn.Flatten(), nn.Linear(2 * channels, data.classes or 1))
train(args, model, data, classify(args) if data.classes else F.mse_loss)
