"""SGD on a small classifier."""

import sys

import torch
from _fingerprint import fingerprint
from torch import nn

torch.manual_seed(1)
model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 5))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
x = torch.randn(512, 20)
y = x[:, :5].argmax(1)
for step in range(int(sys.argv[1]) if len(sys.argv) > 1 else 60):
    at = torch.randint(0, 512, (32,))
    loss = nn.functional.cross_entropy(model(x[at]), y[at])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(step, loss.item())
print(sys.argv, __name__, __file__.endswith("sgd.py"))
fingerprint(model.state_dict(), optimizer.state_dict())
