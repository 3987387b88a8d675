import math
import torch
from torch import nn

torch.manual_seed(8)
n = 3000
t = torch.arange(n).float()
series = 1000 + 60 * torch.sin(2 * math.pi * t / 24) + 35 * torch.sin(2 * math.pi * t / 7.3 + 1) + 4 * torch.randn(n)
W = 20
win = series.unfold(0, W + 1, 1)
X, target = win[:, :W], (win[:, W] - 1000) / 50
X = X.unsqueeze(-1)
cut = 2400
Xtr, ytr, Xva, yva = X[:cut], target[:cut], X[cut + W:], target[cut + W:]


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x):
        out, _ = self.gru(x)
        return self.fc(out[:, -1]).squeeze(-1)


model = Forecaster()
opt = torch.optim.NAdam(model.parameters(), lr=3e-3)
loss_fn = nn.SmoothL1Loss()
for epoch in range(12):
    s = 0.0
    for ix in torch.randperm(cut).split(48):
        loss = loss_fn(model(Xtr[ix]), ytr[ix])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() * len(ix)
    with torch.no_grad():
        v = loss_fn(model(Xva), yva).item()
    print(f"epoch {epoch + 1}/12 - loss: {s / cut:.4f} - val_loss: {v:.4f}")
