"""Predict log price from made-up house records."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

rng = np.random.default_rng(15)
n = 5000
year = rng.integers(1900, 2024, n)
area = rng.gamma(6.0, 18.0, n)
sea = rng.uniform(0, 900, n)
income = rng.lognormal(10.4, 0.5, n)
rooms = np.clip(np.round(area / 28 + rng.normal(0, 0.7, n)), 1, 9)
log_price = (0.8 * np.log(area) + 0.4 * np.sin((year - 1900) / 20) + 0.7 * np.log(income) - 0.0006 * sea
             + 0.05 * rooms + rng.normal(0, 0.08, n))
feats = np.stack([year, area, sea, income, rooms], 1).astype(np.float32)
price = ((log_price - log_price.mean()) / log_price.std()).astype(np.float32)
cut = 4200
mean, std = feats[:cut].mean(0), feats[:cut].std(0)


def prepare(f):
    f = np.nan_to_num(f)
    return torch.from_numpy(f)


class PriceNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(5, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))

    def forward(self, x):
        return self.f(x).squeeze(1)


torch.manual_seed(15)
net = PriceNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
train = DataLoader(TensorDataset(prepare(feats[:cut]), torch.from_numpy(price[:cut])), batch_size=60, shuffle=True)
vx, vy = prepare(feats[cut:]), torch.from_numpy(price[cut:])
for epoch in range(25):
    for x, p in train:
        loss = nn.functional.mse_loss(net(x), p)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            print(f"epoch {epoch} last batch {loss.item():.4f} valid mse {nn.functional.mse_loss(net(vx), vy).item():.4f}")
