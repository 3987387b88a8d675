import os
import torch
from torch import nn

torch.manual_seed(14)
T = 11
names = [n.strip().lower() for n in open(os.environ["NAMES_FILE"])]
names = [n for n in names if len(n) < T]
grid = torch.full((len(names), T + 1), -100)
for i, n in enumerate(names):
    grid[i, 0] = 0
    for j, c in enumerate(n):
        grid[i, j + 1] = ord(c) - 96
    grid[i, len(n) + 1] = 0
grid = grid[torch.randperm(len(grid))][:9000]
train, dev = grid[:8000], grid[8000:]


class NameLSTM(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.e = nn.Embedding(27, 24)
        self.l = nn.LSTM(24, hidden, batch_first=True)
        self.o = nn.Linear(hidden, 27)

    def loss(self, g):
        x, y = g[:, :-1].clamp(min=0), g[:, 1:]
        h, _ = self.l(self.e(x))
        return nn.functional.cross_entropy(self.o(h).transpose(1, 2), y)


def fit(bs, epochs=8):
    m = NameLSTM()
    opt = torch.optim.Adam(m.parameters(), lr=3e-3)
    sched = torch.optim.lr_scheduler.StepLR(opt, step_size=6, gamma=0.3)
    for ep in range(epochs):
        for idx in torch.randperm(len(train)).split(bs):
            loss = m.loss(train[idx])
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(m.parameters(), 2.0)
            opt.step()
        sched.step()
        with torch.no_grad():
            print(f"epoch {ep} train {loss.item():.4f} dev {m.loss(dev).item():.4f}")


fit(bs=1000)
