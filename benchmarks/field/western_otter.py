import argparse, torch
import torch.nn as nn
import torch.nn.functional as F

cli = argparse.ArgumentParser()
cli.add_argument("--hidden", type=int, default=96)
cli.add_argument("--steps", type=int, default=1500)
cli.add_argument("--lr", type=float, default=0.02)
cli.add_argument("--gain", type=float, default=2.5)
opt_ = cli.parse_args()


class Elman(nn.Module):
    def __init__(self, n_sym, hidden, gain):
        super().__init__()
        self.inp = nn.Embedding(n_sym, hidden)
        nn.init.normal_(self.inp.weight, std=0.3)
        self.rec = nn.Linear(hidden, hidden)
        nn.init.normal_(self.rec.weight, std=gain / hidden ** 0.5)
        nn.init.zeros_(self.rec.bias)
        self.out = nn.Linear(hidden, n_sym)

    def forward(self, tok):
        e = self.inp(tok)
        h = torch.zeros_like(e[:, 0])
        pool = 0
        for t in range(tok.shape[1]):
            h = torch.tanh(e[:, t] + self.rec(h))
            pool = pool + h
        return self.out(h + pool / 5)


def draw(n, length=50, n_sym=4):
    bias = torch.distributions.Dirichlet(torch.full((n_sym,), 1.2)).sample((n,))
    x = torch.multinomial(bias, length, replacement=True)
    return x, F.one_hot(x, n_sym).sum(1).argmax(1)


torch.manual_seed(83)
net = Elman(4, opt_.hidden, opt_.gain)
opt = torch.optim.SGD(net.parameters(), lr=opt_.lr)
tx, ty = draw(1000)
for step in range(opt_.steps):
    x, y = draw(32)
    loss = F.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if (step + 1) % 250 == 0:
        with torch.no_grad():
            o = net(tx)
        print(step + 1, f"loss {loss.item():.4f} fresh {F.cross_entropy(o, ty).item():.4f} acc {(o.argmax(1) == ty).float().mean().item():.4f}")
