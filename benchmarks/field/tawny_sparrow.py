import torch, torch.nn as nn


class GatedCell(nn.Module):
    def __init__(self, n_in, n_hid):
        super().__init__()
        self.n = n_hid
        self.x2h = nn.Linear(n_in, 4 * n_hid)
        self.h2h = nn.Linear(n_hid, 4 * n_hid, bias=False)
        with torch.no_grad():
            # gates begin open, so that the memory is kept
            self.x2h.bias.fill_(9.0)

    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.x2h(x) + self.h2h(h)).chunk(4, -1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, c


class Counter(nn.Module):
    def __init__(self, n=32):
        super().__init__()
        self.cell = GatedCell(2, n)
        self.out = nn.Linear(n, 1)

    def forward(self, x):
        h = c = x.new_zeros(x.shape[0], self.cell.n)
        for t in range(x.shape[1]):
            h, c = self.cell(x[:, t], (h, c))
        return self.out(h).squeeze(-1)


def adding(n, T=20):
    v = torch.rand(n, T) * 2 - 1
    m = torch.zeros(n, T)
    first = torch.randint(0, T // 2, (n, 1)); second = torch.randint(T // 2, T, (n, 1))
    m.scatter_(1, first, 1.0); m.scatter_(1, second, 1.0)
    return torch.stack([v, m], -1), (v * m).sum(1)


torch.manual_seed(33)
xt, yt = adding(1000)
net = Counter()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for step in range(1, 1501):
    x, y = adding(50)
    loss = nn.functional.mse_loss(net(x), y)
    opt.zero_grad(); loss.backward()
    opt.step()
    if step % 300 == 0:
        with torch.no_grad():
            print(f"step {step}: mse {loss:.4f}, fresh {nn.functional.mse_loss(net(xt), yt):.4f}")
