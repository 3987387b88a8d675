"""A number foretold from a table: the course of diabetes, or a known function with noise."""

from torch.nn import functional as F

from data import load
from training import options, perceptron, train

LOSSES = {"squared": F.mse_loss, "absolute": F.l1_loss, "huber": F.huber_loss}
args = options(data="curves", width=48, steps=500, loss="squared")
data = load(args)
train(args, perceptron(args, data.x.shape[1], 1), data, LOSSES[args.loss])
