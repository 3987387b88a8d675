"""LBFGS: several closures to a step."""

import torch
from _fingerprint import fingerprint
from torch import nn

torch.manual_seed(5)
model = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=5)
x = torch.randn(128, 4)
y = torch.sin(x.sum(1, keepdim=True))


def closure():
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    return loss


for step in range(30):
    loss = optimizer.step(closure)
    if step % 10 == 0:
        print(step, loss.item())
fingerprint(model.state_dict(), optimizer.state_dict())
