import torch
from torch import nn

torch.manual_seed(18)
T, H = 15, 32
def sample(n):
    x = (torch.rand(n, T) < torch.rand(n, 1)).float() * 2 - 1
    y = x.cumsum(1).max(1).values
    return x.unsqueeze(-1), ((y - 4.2) / 4.6)

class MinimalGated(nn.Module):
    def __init__(self):
        super().__init__()
        self.zx = nn.Linear(1, H); self.zh = nn.Linear(H, H, bias=False)
        self.cx = nn.Linear(1, H); self.ch = nn.Linear(H, H, bias=False)
        self.read = nn.Linear(H, 1)
        nn.init.constant_(self.zx.bias, 12.5)  # start by remembering
    def forward(self, x):
        h = torch.zeros(x.shape[0], H)
        for t in range(x.shape[1]):
            keep = torch.sigmoid(self.zx(x[:, t]) + self.zh(h))
            h = keep * h + (1 - keep) * torch.tanh(self.cx(x[:, t]) + self.ch(h))
        return self.read(h)[:, 0]

rnn = MinimalGated()
opt = torch.optim.Adam(rnn.parameters(), lr=3e-3)
vx, vy = sample(1000)
recent = []
for step in range(1000):
    x, y = sample(64)
    loss = nn.functional.mse_loss(rnn(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    recent.append(loss.item())
    if step % 200 == 199:
        with torch.no_grad():
            print(step + 1, 'train', sum(recent[-100:]) / 100, 'valid', nn.functional.mse_loss(rnn(vx), vy).item())
