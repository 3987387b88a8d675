import torch
from torch import nn
from sklearn.datasets import load_breast_cancer

torch.manual_seed(78)
X, y = load_breast_cancer(return_X_y=True)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
p = torch.randperm(len(X))
X, y = X[p], y[p]


class Scorer(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(30, 32)
        self.b = nn.Linear(32, 1)

    def forward(self, x):
        return self.b(torch.relu(self.a(x))).squeeze(1)


def loss_fn(z, t):
    q = torch.sigmoid(z)
    return -(t * torch.log(q) + (1 - t) * torch.log(1 - q)).mean()


net = Scorer()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(1, 2001):
    b = torch.randint(0, 420, (32,))
    loss = loss_fn(net(X[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        with torch.no_grad():
            z = net(X[420:])
            print(f"{step}: train {loss.item():.4f} val {loss_fn(z, y[420:]).item():.4f} acc {((z > 0).float() == y[420:]).float().mean().item():.4f}")
