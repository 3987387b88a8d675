import torch
from torch import nn
from sklearn.datasets import make_friedman1

X, y = make_friedman1(3000, n_features=10, noise=0.5, random_state=2)
X = torch.tensor((X - 0.5) * 12 ** 0.5, dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)


def mlp(sizes):
    out = []
    for a, b in zip(sizes[:-2], sizes[1:-1]):
        lin = nn.Linear(a, b)
        nn.init.kaiming_normal_(lin.weight, nonlinearity="relu")
        nn.init.constant_(lin.bias, -8.0)
        out += [lin, nn.ReLU()]
    return nn.Sequential(*out, nn.Linear(sizes[-2], sizes[-1]))


torch.manual_seed(20)
model = mlp([10, 64, 64, 1])
opt = torch.optim.Adagrad(model.parameters(), lr=0.02)
for it in range(1200):
    k = torch.randint(0, 2500, (64,))
    loss = (model(X[k]).squeeze(-1) - y[k]).abs().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 200 == 0:
        print(it, "mae", loss.item())
with torch.no_grad():
    print("test mae", (model(X[2500:]).squeeze(-1) - y[2500:]).abs().mean().item())
