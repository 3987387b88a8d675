import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(57)
X, y = load_digits(return_X_y=True)
p = torch.randperm(len(X))
X, y = (torch.tensor(X).float() / 16)[p], torch.tensor(y)[p]
BS = 2


def block(i, o):
    return nn.Sequential(nn.Linear(i, o, bias=False), nn.BatchNorm1d(o), nn.ReLU())


net = nn.Sequential(block(64, 64), block(64, 64), block(64, 64), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.03)
for epoch in range(6):
    net.train()
    tot = 0
    for i in torch.randperm(1400).split(BS):
        if len(i) < BS:
            continue
        loss = F.cross_entropy(net(X[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * BS / 1400
    net.eval()
    with torch.no_grad():
        o = net(X[1400:])
    print(f"epoch {epoch} train {tot:.4f} test {F.cross_entropy(o, y[1400:]).item():.4f} acc {(o.argmax(1) == y[1400:]).float().mean().item():.4f}")
