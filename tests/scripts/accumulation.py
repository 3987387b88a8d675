"""Four micro-batches to a step."""

import torch
from _fingerprint import fingerprint
from torch import nn

torch.manual_seed(4)
model = nn.Sequential(nn.Linear(10, 32), nn.Tanh(), nn.Linear(32, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
x = torch.randn(256, 10)
y = x[:, :1] * 2 - x[:, 1:2]
for micro in range(240):
    at = torch.randint(0, 256, (8,))
    loss = nn.functional.mse_loss(model(x[at]), y[at]) / 4
    loss.backward()
    if micro % 4 == 3:
        optimizer.step()
        optimizer.zero_grad()
    if micro % 80 == 0:
        print(micro, loss.item())
fingerprint(model.state_dict(), optimizer.state_dict())
