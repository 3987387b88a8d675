import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(61)
T = 40


def waves(n):
    y = torch.randint(0, 3, (n,))
    f = torch.tensor([1.0, 2.0, 3.0])[y][:, None]
    ph = torch.rand(n, 1) * 2 * math.pi
    t = torch.arange(T).float()[None] / T
    return (torch.sin(2 * math.pi * f * t + ph) + 0.3 * torch.randn(n, T))[..., None], y


class IRNN(nn.Module):
    def __init__(self, h=40):
        super().__init__()
        self.rnn = nn.RNN(1, h, nonlinearity="relu", batch_first=True)
        self.fc = nn.Linear(h, 3)
        with torch.no_grad():
            self.rnn.weight_hh_l0.copy_(1.25 * torch.eye(h))
            self.rnn.weight_hh_l0.add_(0.01 * torch.randn(h, h))
            self.rnn.weight_ih_l0.normal_(0, 0.3)
            self.rnn.bias_hh_l0.zero_()
            self.rnn.bias_ih_l0.zero_()

    def forward(self, x):
        return self.fc(self.rnn(x)[0][:, -1])


net = IRNN()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
xv, yv = waves(500)
for step in range(1, 801):
    x, y = waves(32)
    loss = F.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            o = net(xv)
        print(f"step {step} loss {loss.item():.4f} val {F.cross_entropy(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.3f}")
