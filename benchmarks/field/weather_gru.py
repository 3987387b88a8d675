import argparse
import torch
from torch import nn

ap = argparse.ArgumentParser()
ap.add_argument('--hidden', type=int, default=32)
ap.add_argument('--lr', type=float, default=3e-3)
ap.add_argument('--steps', type=int, default=700)
ap.add_argument('--window', type=int, default=24)
args = ap.parse_args([])
torch.manual_seed(0)

# hourly station record: temperature (K), pressure (hPa), humidity (%)
T = 24 * 365
h = torch.arange(T).float()
walk = torch.zeros(T)
e = torch.randn(T)
for t in range(1, T):
    walk[t] = 0.97 * walk[t - 1] + e[t] * 0.6
temp = 283 + 8 * torch.sin(2 * torch.pi * h / 8760) + 5 * torch.sin(2 * torch.pi * (h - 8) / 24) + walk
pres = 1013 - 3 * walk.roll(-3) + torch.randn(T)
hum = (70 - 1.5 * (temp - 283) + 3 * torch.randn(T)).clamp(5, 100)
series = torch.stack([temp, pres, hum], 1)
inputs = series
target = (temp - temp.mean()) / temp.std()
cut = int(T * 0.8)

class Forecaster(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.rnn = nn.GRU(3, h, batch_first=True)
        self.out = nn.Linear(h, 1)
    def forward(self, x):
        y, _ = self.rnn(x)
        return self.out(y[:, -1]).squeeze(-1)

def batch(lo, hi, n):
    s = torch.randint(lo, hi - args.window - 4, (n,))
    idx = s[:, None] + torch.arange(args.window)
    return inputs[idx], target[s + args.window + 2]

model = Forecaster(args.hidden)
opt = torch.optim.Adam(model.parameters(), lr=args.lr)
for step in range(1, args.steps + 1):
    x, y = batch(0, cut, 64)
    loss = nn.functional.mse_loss(model(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    if step % 70 == 0:
        print(f'step {step} mse {loss.item():.4f}')
with torch.no_grad():
    x, y = batch(cut, T, 1500)
    print('held-out mse', nn.functional.mse_loss(model(x), y).item())
