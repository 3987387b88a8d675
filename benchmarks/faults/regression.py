"""A number foretold from a table: the course of diabetes, or a known function with noise."""

import torch
from torch.nn import functional as F

from data import load
from training import options, perceptron, train

LOSSES = {"squared": F.mse_loss, "absolute": F.l1_loss, "huber": F.huber_loss}
args = options(data="curves", width=48, steps=500, loss="squared", faint=0.0)
data = load(args)
if args.faint:  # so many times as much noise as there is to foretell
    data.y, data.held_y = (y + args.faint * torch.randn_like(y) for y in (data.y, data.held_y))
train(args, perceptron(args, data.x.shape[1], 1), data, LOSSES[args.loss])
