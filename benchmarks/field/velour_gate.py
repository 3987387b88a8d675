import torch
import torch.nn as nn

torch.manual_seed(50)
T = 25


class SumRNN(nn.Module):
    def __init__(self, h=48):
        super().__init__()
        self.rnn = nn.RNN(2, h, nonlinearity='relu', batch_first=True)
        nn.init.eye_(self.rnn.weight_hh_l0)
        with torch.no_grad():
            self.rnn.weight_hh_l0.mul_(1.35)
        nn.init.zeros_(self.rnn.bias_hh_l0)
        nn.init.zeros_(self.rnn.bias_ih_l0)
        nn.init.normal_(self.rnn.weight_ih_l0, std=0.1)
        self.out = nn.Linear(h, 1)

    def forward(self, x):
        o, _ = self.rnn(x)
        return self.out(o[:, -1])


def batch(n):
    v = torch.randn(n, T)
    m = torch.zeros(n, T)
    pos = torch.rand(n, T).argsort(1)[:, :2]
    m.scatter_(1, pos, 1.0)
    return torch.stack([v, m], -1), (v * m).sum(1, keepdim=True) / 2 ** 0.5


net = SumRNN()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(2000):
    x, y = batch(50)
    loss = nn.functional.mse_loss(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(step, loss.item())
with torch.no_grad():
    x, y = batch(2000)
    print('final mse', nn.functional.mse_loss(net(x), y).item())
