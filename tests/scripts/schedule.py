"""One-cycle: the learning rate goes up and comes down."""

import torch
from _fingerprint import fingerprint
from torch import nn

torch.manual_seed(6)
model = nn.Sequential(nn.Linear(20, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 5))
groups = [
    {"params": model[0].parameters(), "weight_decay": 0.01},
    {"params": [*model[1].parameters(), *model[3].parameters()]},
]
optimizer = torch.optim.SGD(groups, lr=0.01, momentum=0.9)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.2, total_steps=100)
x = torch.randn(512, 20)
y = x[:, :5].argmax(1)
for step in range(100):
    at = torch.randint(0, 512, (32,))
    loss = nn.functional.cross_entropy(model(x[at]), y[at])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    if step % 25 == 0:
        print(step, loss.item(), schedule.get_last_lr())
fingerprint(model.state_dict(), optimizer.state_dict())
