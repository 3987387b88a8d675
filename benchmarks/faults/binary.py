"""Yes or no: is the tumour benign, or is the digit five or more?"""

from torch.nn import functional as F

from data import load
from training import options, perceptron, train

args = options(data="cancer", width=32, steps=400)
data = load(args)
if data.classes > 2:
    data.y, data.held_y, data.classes = (data.y >= 5).float().unsqueeze(1), (data.held_y >= 5).float().unsqueeze(1), 2
train(args, perceptron(args, data.x.shape[1], 1), data, F.binary_cross_entropy_with_logits)
