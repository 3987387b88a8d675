import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(80)
T, A = 30, 6


def sample(n):
    s = torch.randint(0, A, (n,))
    x = torch.randn(n, T, A) * 0.1
    x[torch.arange(n), 0, s] += 1.0
    return x, s


class Cell(nn.Module):
    def __init__(self, i, h):
        super().__init__()
        self.inp = nn.Linear(i, h)
        self.rec = nn.Linear(h, h, bias=False)
        nn.init.normal_(self.rec.weight, std=0.5 * h ** -0.5)

    def forward(self, x, h):
        return torch.tanh(self.inp(x) + self.rec(h))


class Memory(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.h = h
        self.cell = Cell(A, h)
        self.read = nn.Linear(h, A)

    def forward(self, x):
        h = torch.zeros(len(x), self.h)
        for t in range(T):
            h = self.cell(x[:, t], h)
        return self.read(h)


mem = Memory()
opt = torch.optim.Adam(mem.parameters(), lr=1e-3)
for it in range(1, 1301):
    x, s = sample(48)
    loss = F.cross_entropy(mem(x), s)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(mem.parameters(), 1.0)
    opt.step()
    if it % 130 == 0:
        with torch.no_grad():
            x, s = sample(1000)
            o = mem(x)
        print(it, f'loss {loss.item():.4f}', f'fresh {F.cross_entropy(o, s).item():.4f}', f'acc {(o.argmax(1) == s).float().mean().item():.3f}')
