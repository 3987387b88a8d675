"""A perceptron that tells digits, wines or the next letter apart."""

from torch import nn

from data import load
from training import classify, options, perceptron, train

args = options(embedding=0)
data = load(args)
if args.embedding:
    letters = nn.Embedding(27, args.embedding)
    model = nn.Sequential(letters, nn.Flatten(), *perceptron(args, 3 * args.embedding, 27))
else:
    model = perceptron(args, data.x[0].numel(), data.classes)
    data.x, data.held_x = data.x.flatten(1), data.held_x.flatten(1)
train(args, model, data, classify(args))
