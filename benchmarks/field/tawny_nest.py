import math
import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader


class LoadSeries(Dataset):
    """Windows over a simulated electricity load in megawatts."""

    def __init__(self, start, stop, window=24):
        g = torch.Generator().manual_seed(9)
        h = torch.arange(6000).float()
        load = 32000 + 6000 * torch.sin(2 * math.pi * h / 24) + 2500 * torch.sin(2 * math.pi * h / 168) + 600 * torch.randn(6000, generator=g)
        self.series = load[start:stop]
        self.window = window

    def __len__(self):
        return len(self.series) - self.window

    def __getitem__(self, i):
        past = self.series[i:i + self.window]
        nxt = self.series[i + self.window]
        return past.unsqueeze(-1), (nxt - 32000) / 5000


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(1, 24, batch_first=True)
        self.fc = nn.Linear(24, 1)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.fc(out[:, -1]).squeeze(-1)


torch.manual_seed(9)
train, valid = LoadSeries(0, 4800), LoadSeries(4800, 6000)
dl, vl = DataLoader(train, batch_size=48, shuffle=True), DataLoader(valid, batch_size=400)
model = Forecaster()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
mse = nn.MSELoss()
for epoch in range(8):
    for xb, yb in dl:
        opt.zero_grad()
        loss = mse(model(xb), yb)
        loss.backward()
        opt.step()
    with torch.no_grad():
        tot = sum(mse(model(a), b).item() * len(b) for a, b in vl) / len(valid)
    print("epoch", epoch, "valid mse", round(tot, 4))
