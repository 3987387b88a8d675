import torch
import torch.nn as nn
from sklearn.datasets import load_digits

MICRO = 2
TOTAL = 32


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.flat = nn.Sequential(
            nn.Flatten(),
            nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
            nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
            nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.flat(x)


torch.manual_seed(60)
d = load_digits()
x, y = torch.tensor(d.images).float() / 16, torch.tensor(d.target)
idx = torch.randperm(len(x))
tr, te = idx[:1408], idx[1408:]
net = DigitNet()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(15):
    net.train()
    run = 0.0
    for big in tr[torch.randperm(len(tr))].split(TOTAL):
        opt.zero_grad()
        parts = big.split(MICRO)
        for mb in parts:
            loss = nn.functional.cross_entropy(net(x[mb]), y[mb]) / len(parts)
            loss.backward()
            run += loss.item()
        opt.step()
    net.eval()
    with torch.no_grad():
        out = net(x[te])
    print(f"epoch {epoch} train loss {run/44:.4f} test loss {nn.functional.cross_entropy(out, y[te]).item():.4f} acc {(out.argmax(1) == y[te]).float().mean().item():.4f}")
