import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(32)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32)
X = (X - X.mean()) / X.std()
t = torch.tensor(d.target)
Y = torch.stack([t % 2 == 0, t > 4, torch.isin(t, torch.tensor([0, 6, 8, 9])), torch.isin(t, torch.tensor([2, 3, 5, 7]))], 1).float()
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 4), nn.Sigmoid())


def bce(p, y):
    
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).sum(1).mean()


opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(3000):
    i = torch.randint(0, 1400, (50,))
    loss = bce(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 299:
        with torch.no_grad():
            q = net(X[1400:])
            print(step + 1, 'loss', loss.item(), 'exact match', ((q > 0.5) == (Y[1400:] > 0.5)).all(1).float().mean().item())
