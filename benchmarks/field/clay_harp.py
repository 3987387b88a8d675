"""Energy consumption from weather-like covariates (synthetic)."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader

torch.manual_seed(3)
N = 5000
cov = torch.randn(N, 10)
w = torch.randn(10, 3)
z = cov @ w / 3
energy = torch.tanh(z[:, 0]) + 0.6 * z[:, 1] * z[:, 2] + 0.1 * torch.randn(N)
energy = ((energy - energy.mean()) / energy.std()).unsqueeze(1)


class Res(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.a, self.b = nn.Linear(d, d), nn.Linear(d, d)

    def forward(self, x):
        return x + self.b(torch.relu(self.a(x)))


model = nn.Sequential(nn.Linear(10, 48), Res(48), Res(48), nn.ReLU(), nn.Linear(48, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
gx, gy = torch.Generator(), torch.Generator()
loader_x = DataLoader(cov[:4200], batch_size=60, shuffle=True, generator=gx)
loader_y = DataLoader(energy[:4200], batch_size=60, shuffle=True, generator=gy)
huber = nn.HuberLoss()

for epoch in range(16):
    model.train()
    gx.manual_seed(2 * epoch)
    gy.manual_seed(2 * epoch + 1)
    losses = []
    for xb, yb in zip(loader_x, loader_y):
        loss = huber(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        v = huber(model(cov[4200:]), energy[4200:]).item()
    print(f"[{epoch:02d}] train {sum(losses) / len(losses):.4f} valid {v:.4f}")
