import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(39)
X, y = load_digits(return_X_y=True)
X = torch.tensor((X - 4.9) / 6.0, dtype=torch.float32)
y = torch.tensor(y)


class Twin(nn.Module):
    def __init__(self, out=8):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, out))

    def forward(self, a, b):
        d2 = (self.body(a) - self.body(b)).pow(2).sum(1)
        return d2.sqrt()


def pairs(n):
    i = torch.randint(0, 1300, (n,))
    j = torch.randint(0, 1300, (n,))
    for r in range(0, n, 2):
        same = torch.where(y[:1300] == y[i[r]])[0]
        j[r] = same[torch.randint(0, len(same), (1,))]
    return i, j, (y[i] == y[j]).float()


net = Twin()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
margin = 2.0
for step in range(900):
    i, j, s = pairs(40)
    d = net(X[i], X[j])
    loss = (s * d.pow(2) + (1 - s) * torch.clamp(margin - d, min=0).pow(2)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print("step", step, "contrastive", loss.item())
with torch.no_grad():
    e = net.body(X)
    d = torch.cdist(e[1300:], e[:1300])
    print("1-nn accuracy", (y[:1300][d.argmin(1)] == y[1300:]).float().mean().item())
