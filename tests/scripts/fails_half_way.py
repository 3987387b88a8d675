"""A training that dies of an exception of its own."""

import torch
from _fingerprint import fingerprint
from torch import nn

torch.manual_seed(7)
model = nn.Linear(10, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(60):
    if step == 30:
        fingerprint(model.state_dict())
        raise ValueError("the data ran out")
    loss = model(torch.randn(16, 10)).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
