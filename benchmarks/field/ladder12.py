import torch, torch.nn as nn, numpy as np
from sklearn.datasets import make_moons
torch.manual_seed(1)
X, y = make_moons(2000, noise=0.15, random_state=1)
X = (X - X.mean(0)) / X.std(0)
X = torch.tensor(X, dtype=torch.float32); y = torch.tensor(y, dtype=torch.float32)
layers = [nn.Linear(2, 32), nn.Sigmoid()]
for _ in range(7):
    layers += [nn.Linear(32, 32), nn.Sigmoid()]
layers += [nn.Linear(32, 1)]
ladder = nn.Sequential(*layers)
opt = torch.optim.SGD(ladder.parameters(), lr=0.1, momentum=0.9)
for step in range(1500):
    i = torch.randint(0, 1600, (64,))
    loss = nn.functional.binary_cross_entropy_with_logits(ladder(X[i])[:, 0], y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    o = ladder(X[1600:])[:, 0]
    print("loss", nn.functional.binary_cross_entropy_with_logits(o, y[1600:]).item(), "acc", ((o > 0).float() == y[1600:]).float().mean().item())
