"""A convolutional network that tells digits apart."""

from torch import nn

from data import load
from training import ACTIVATIONS, classify, has_bias, norm, options, train

args = options(data="pictures", width=8, depth=2)
data = load(args)
side, channels, layers = data.x.shape[-1], 1, []
for i in range(args.depth):
    width = args.width * 2**i
    layers += [nn.Conv2d(channels, width, 3, padding=1, bias=has_bias(args)), *norm(args, width, pictures=True)]
    layers += [ACTIVATIONS[args.activation](), *([nn.MaxPool2d(2)] if i < 2 else [])]
    channels, side = width, side // 2 if i < 2 else side
dropout = [nn.Dropout(args.dropout)] if args.dropout else []
model = nn.Sequential(*layers, nn.Flatten(), *dropout, nn.Linear(channels * side**2, data.classes))
train(args, model, data, classify(args))
