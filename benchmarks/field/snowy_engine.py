import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(134)
Q, M, D = 500, 10, 8
X = torch.randn(Q, M, D)
rel = torch.tanh(X[..., 0] * X[..., 1]) + X[..., 2] - 0.5 * X[..., 3].abs() + 0.15 * torch.randn(Q, M)


class Ranker(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(D, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU(), nn.Linear(24, 1))

    def forward(self, x):
        return self.f(x)[..., 0]


def pairwise(s, r):
    d = s[:, :, None] - s[:, None]
    better = r[:, :, None] > r[:, None]
    return F.softplus(-d[better]).mean()


def tau(s, r):
    a = (s[:, :, None] - s[:, None]).sign() * (r[:, :, None] - r[:, None]).sign()
    return a.sum().item() / (len(s) * M * (M - 1))


net = Ranker()
opt = torch.optim.RMSprop(net.parameters(), lr=2.5e-3, weight_decay=1e-4)
for e in range(40):
    for b in torch.randperm(400).split(16):
        loss = pairwise(net(X[b]), rel[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if e % 4 == 3:
        with torch.no_grad():
            s = net(X[400:])
            print(f"epoch {e + 1} loss {loss.item():.4f} val {pairwise(s, rel[400:]).item():.4f} tau {tau(s, rel[400:]):.4f}")
