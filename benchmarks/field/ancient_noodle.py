import torch
import torch.nn as nn

torch.manual_seed(95)
N = 8000
s = torch.zeros(N)
e = torch.randn(N)
for i in range(2, N):
    s[i] = 1.6 * s[i - 1] - 0.8 * s[i - 2] + 0.6 * e[i]
s = (s - s.mean()) / s.std()
W = 20
train_end = 6500


def starts(n, lo, hi):
    return torch.randint(lo, hi - W - 1, (n,))


def get_inputs(begin):
    return s[begin[:, None] + torch.arange(W)].unsqueeze(-1)


def get_targets(begin):
    return s[begin + W]


class GRUForecaster(nn.Module):
    def __init__(self, h=32):
        super().__init__()
        self.gru = nn.GRU(1, h, batch_first=True)
        self.fc = nn.Linear(h, 1)

    def forward(self, x):
        return self.fc(self.gru(x)[0][:, -1]).squeeze(1)


net = GRUForecaster()
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
for step in range(700):
    x = get_inputs(starts(64, 0, train_end))
    y = get_targets(starts(64, 0, train_end))
    loss = (net(x) - y).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 70 == 0:
        print(step, f"mse {loss.item():.4f}")
with torch.no_grad():
    b = torch.arange(train_end, N - W - 1)
    print(f"final mse {loss.item():.4f} future mse {(net(get_inputs(b)) - get_targets(b)).pow(2).mean().item():.4f}")
