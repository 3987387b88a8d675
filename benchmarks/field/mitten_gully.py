import math
import numpy as np
import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader

rng = np.random.default_rng(6)
torch.manual_seed(6)
hours = np.arange(24 * 150)
load = 5200 + 900 * np.sin(2 * np.pi * hours / 24) + 500 * np.sin(2 * np.pi * hours / 168) + 300 * np.sin(4 * np.pi * hours / 24 + 1)
ar = np.zeros(len(hours))
for i in range(1, len(hours)):
    ar[i] = 0.9 * ar[i - 1] + 60 * rng.standard_normal()
load = (load + ar).astype(np.float32)
temp = (285 + 8 * np.sin(2 * np.pi * hours / 24 - 1) + rng.standard_normal(len(hours))).astype(np.float32)
mu, sd = load[:3000].mean(), load[:3000].std()
series = np.stack([load, temp], 1)
target = (load - mu) / sd


class Windows(Dataset):
    def __init__(self, lo, hi, width=24):
        self.lo, self.hi, self.width = lo, hi, width

    def __len__(self):
        return self.hi - self.lo - self.width

    def __getitem__(self, i):
        s = self.lo + i
        return torch.from_numpy(series[s:s + self.width]), torch.tensor(target[s + self.width])


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(2, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x):
        out, _ = self.gru(x)
        return self.fc(out[:, -1]).squeeze(1)


train_dl = DataLoader(Windows(0, 3000), batch_size=32, shuffle=True)
test_dl = DataLoader(Windows(3000, 3600), batch_size=128)
model = Forecaster()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(5):
    tot = 0
    for x, t in train_dl:
        opt.zero_grad()
        loss = nn.functional.mse_loss(model(x), t)
        loss.backward()
        opt.step()
        tot += loss.item()
    print("epoch", epoch, "mse", round(tot / len(train_dl), 4))
with torch.no_grad():
    err = torch.cat([model(x) - t for x, t in test_dl])
print("test rmse in MW %.1f" % (err.pow(2).mean().sqrt().item() * sd))
