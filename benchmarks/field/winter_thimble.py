import argparse
import numpy as np
import torch
from sklearn.datasets import load_digits

parser = argparse.ArgumentParser()
parser.add_argument("--batch-size", type=int, default=1400)
parser.add_argument("--epochs", type=int, default=60)
parser.add_argument("--lr", type=float, default=0.05)
args = parser.parse_args()

torch.manual_seed(10)
X, y = load_digits(return_X_y=True)
o = np.random.RandomState(10).permutation(len(X))
X = torch.from_numpy(X[o]).float() / 16
y = torch.from_numpy(y[o])
model = torch.nn.Sequential(torch.nn.Linear(64, 50), torch.nn.ReLU(), torch.nn.Linear(50, 10))
opt = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.5)

for epoch in range(args.epochs):
    perm = torch.randperm(1400)
    for lo in range(0, 1400, args.batch_size):
        b = perm[lo:lo + args.batch_size]
        opt.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(X[b]), y[b])
        loss.backward()
        opt.step()
    if epoch % 10 == 9:
        with torch.no_grad():
            out = model(X[1400:])
        print(f"after {epoch+1} epochs: loss {loss.item():.4f}, test loss {torch.nn.functional.cross_entropy(out, y[1400:]).item():.4f}, test acc {(out.argmax(1) == y[1400:]).float().mean().item():.4f}")
