import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(77)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 16
y = torch.tensor(d.target)
g = torch.randperm(len(x))
x, y = x[g], y[g]
ntr = 1400
model = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(),
    nn.Conv2d(12, 24, 3, stride=2, padding=1), nn.ReLU(),
    nn.Flatten(), nn.Linear(24 * 16, 10))
steps = 700
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9, nesterov=True)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
for s in range(steps):
    b = torch.randint(0, ntr, (32,))
    loss = nn.functional.cross_entropy(model(x[b]), y[b])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if s % 70 == 0:
        print(f'{s} loss={loss.item():.4f} lr={scheduler.get_last_lr()[0]:.2e}')
with torch.no_grad():
    o = model(x[ntr:])
print(f'test loss={nn.functional.cross_entropy(o, y[ntr:]).item():.4f} acc={(o.argmax(1) == y[ntr:]).float().mean().item():.4f}')
