import numpy as np
import torch
from torch import nn

torch.manual_seed(25)
torch.set_num_threads(1)
np.random.seed(25)


def series(n=6000):
    t = np.arange(n)
    s = np.sin(t * 0.11) + 0.5 * np.sin(t * 0.37 + 1) + 0.3 * np.sign(np.sin(t * 0.05)) + 0.05 * np.random.randn(n)
    return torch.tensor(s, dtype=torch.float32)


s = series()
W = 24
windows = s.unfold(0, W + 1, 1)
train, test = windows[:4800], windows[5000:]


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x):
        o, _ = self.lstm(x[..., None])
        return self.fc(o[:, -1])[:, 0]


f = Forecaster()
opt = torch.optim.Adam(f.parameters(), lr=3e-3)
for epoch in range(10):
    ep = []
    opt.zero_grad()
    for b in torch.randperm(len(train)).split(48):
        w = train[b]
        loss = nn.functional.smooth_l1_loss(f(w[:, :-1]), w[:, -1])
        loss.backward()
        nn.utils.clip_grad_norm_(f.parameters(), 1.0)
        opt.step()
        ep.append(loss.item())
    with torch.no_grad():
        v = nn.functional.smooth_l1_loss(f(test[:, :-1]), test[:, -1]).item()
    print(f'epoch {epoch + 1}: {np.mean(ep):.5f} / {v:.5f}')
