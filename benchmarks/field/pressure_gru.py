import torch, math
from torch import nn

torch.manual_seed(8)
T = 6000
t = torch.arange(T, dtype=torch.float32)
ar = torch.zeros(T)
for i in range(2, T):
    ar[i] = 1.6 * ar[i - 1] - 0.68 * ar[i - 2] + 0.7 * torch.randn(1).item()
pressure = 1013.0 + 3 * torch.sin(2 * math.pi * t / 48) + ar
change = pressure[1:] - pressure[:-1]
change = change / change.std()
series = pressure
W = 24
windows = series[:-1].unfold(0, W, 1)
targets = change[W - 1:]
split = 4800


class Forecaster(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.rnn = nn.GRU(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.rnn(x.unsqueeze(-1))
        return self.fc(out[:, -1]).squeeze(-1)


net = Forecaster()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for step in range(800):
    ix = torch.randint(0, split, (64,))
    loss = nn.functional.mse_loss(net(windows[ix]), targets[ix])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 99:
        with torch.no_grad():
            v = nn.functional.mse_loss(net(windows[split:]), targets[split:])
        print(f'{step + 1}: train mse {loss.item():.4f}  valid mse {v.item():.4f}')
