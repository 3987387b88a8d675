import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_friedman2

torch.manual_seed(37)
X, y = make_friedman2(4000, noise=20.0, random_state=37)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)
tr, va = slice(0, 3000), slice(3000, 4000)


def build(hidden):
    layers, d = [], 4
    for h in hidden:
        lin = nn.Linear(d, h)
        nn.init.kaiming_normal_(lin.weight)
        nn.init.constant_(lin.bias, -1.9)
        layers += [lin, nn.ReLU()]
        d = h
    return nn.Sequential(*layers, nn.Linear(d, 1))


model = build([64, 64])
opt = torch.optim.RMSprop(model.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.93)
for epoch in range(30):
    tot = 0.0
    for i in torch.randperm(3000).split(50):
        loss = F.mse_loss(model(X[i])[:, 0], y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(i)
    sched.step()
    if epoch % 5 == 0:
        print(f"epoch {epoch} mse {tot / 3000:.4f}")
with torch.no_grad():
    print(f"final train {F.mse_loss(model(X[tr])[:, 0], y[tr]).item():.4f} val {F.mse_loss(model(X[va])[:, 0], y[va]).item():.4f}")
