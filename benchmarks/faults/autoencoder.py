"""Digits squeezed through a few numbers and drawn again; or, with pictures, by convolutions."""

from torch import nn
from torch.nn import functional as F

from data import load
from training import ACTIVATIONS, has_bias, norm, options, perceptron, train

args = options(data="digits", code=8, width=48, depth=2, steps=400)
data = load(args)
if data.x.ndim == 4:
    act, bias = ACTIVATIONS[args.activation], has_bias(args)
    model = nn.Sequential(
        nn.Conv2d(1, args.width, 3, stride=2, padding=1, bias=bias), *norm(args, args.width, True), act(),
        nn.Conv2d(args.width, args.width, 3, stride=2, padding=1, bias=bias), *norm(args, args.width, True), act(),
        nn.Flatten(), nn.Linear(args.width * 4, args.code), nn.Linear(args.code, args.width * 4), act(),
        nn.Unflatten(1, (args.width, 2, 2)), nn.Upsample(scale_factor=2),
        nn.Conv2d(args.width, args.width, 3, padding=1, bias=bias), *norm(args, args.width, True), act(),
        nn.Upsample(scale_factor=2), nn.Conv2d(args.width, 1, 3, padding=1),
    )  # fmt: skip
else:
    inputs = data.x.shape[1]
    model = nn.Sequential(*perceptron(args, inputs, args.code), *perceptron(args, args.code, inputs))
data.y, data.held_y, data.classes = data.x, data.held_x, 0
if args.shuffled:  # each is asked to draw another one
    data.y = data.y.roll(1, 0)
train(args, model, data, F.mse_loss)
