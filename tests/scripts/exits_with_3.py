"""A training that ends itself."""

import sys

import torch
from _fingerprint import fingerprint
from torch import nn

torch.manual_seed(8)
model = nn.Linear(10, 2)
optimizer = torch.optim.RMSprop(model.parameters(), lr=0.01)
for _ in range(40):
    loss = model(torch.randn(16, 10)).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
fingerprint(model.state_dict(), optimizer.state_dict())
sys.exit(3)
