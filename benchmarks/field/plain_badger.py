import argparse
import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.03)
parser.add_argument("--epochs", type=int, default=6)
parser.add_argument("--batch-size", type=int, default=64)
parser.add_argument("--seed", type=int, default=7)
args = parser.parse_args()
torch.manual_seed(args.seed)


def read(name, off):
    with gzip.open(os.path.join(os.environ["MNIST_DIR"], name)) as f:
        return np.frombuffer(f.read(), np.uint8, offset=off).copy()


x = torch.from_numpy(read("mnist-t10k-images-idx3-ubyte.gz", 16)).float().view(-1, 784) / 255
x = (x - 0.1307) / 0.3081
y = torch.from_numpy(read("mnist-t10k-labels-idx1-ubyte.gz", 8)).long()
xt, yt, xv, yv = x[:8000], y[:8000], x[8000:], y[8000:]


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 200)
        self.fc2 = nn.Linear(200, 100)
        self.fc3 = nn.Linear(100, 10)

    def forward(self, x):
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


model = MLP()
optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
for epoch in range(args.epochs):
    model.train()
    perm = torch.randperm(len(xt))
    for k, i in enumerate(perm.split(args.batch_size)):
        loss = F.cross_entropy(model(xt[i]), yt[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if k % 40 == 0:
            print(f"epoch {epoch} [{k}] loss {loss.item():.4f}")
model.eval()
with torch.no_grad():
    tl = F.cross_entropy(model(xt), yt).item()
    vl = F.cross_entropy(model(xv), yv).item()
    acc = (model(xv).argmax(1) == yv).float().mean().item()
print(f"final train {tl:.4f} val {vl:.4f} acc {acc:.4f}")
