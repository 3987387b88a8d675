import math
import torch
import torch.nn as nn

torch.manual_seed(13)


def waves(n, length=30):
    t = torch.arange(length + 1).float()
    freq = 0.2 + 0.4 * torch.rand(n, 1)
    phase = 2 * math.pi * torch.rand(n, 1)
    amp = 0.5 + torch.rand(n, 1)
    s = amp * torch.sin(freq * t + phase) + 0.05 * torch.randn(n, length + 1)
    return s[:, :-1, None], s[:, 1:, None]


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(1, 32, batch_first=True)
        self.out = nn.Linear(32, 1)

    def forward(self, x):
        return self.out(self.rnn(x)[0])


net = Forecaster()
opt = torch.optim.Adam(net.parameters(), lr=1e-5)
xv, yv = waves(300)
for step in range(500):
    x, y = waves(32)
    loss = nn.functional.mse_loss(net(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 50 == 0:
        print('step %d loss %.5f' % (step, loss.item()))
with torch.no_grad():
    print('validation mse %.5f' % nn.functional.mse_loss(net(xv), yv).item())
