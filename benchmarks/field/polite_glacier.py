import torch
import torch.nn as nn

S, V = 5, 10


class Momentum:
    def __init__(self, params, lr, beta=0.9):
        self.params = list(params)
        self.lr, self.beta = lr, beta
        self.m = [torch.zeros_like(p) for p in self.params]
        self.s = [torch.zeros_like(p) for p in self.params]
        self.n = 0

    def zero(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        self.n += 1
        for p, m, s in zip(self.params, self.m, self.s):
            if p.grad is None:
                continue
            m.mul_(self.beta).add_(p.grad, alpha=1 - self.beta)
            s.mul_(0.99).addcmul_(p.grad, p.grad, value=0.01)
            p -= self.lr * (m / (1 - self.beta ** self.n)) / ((s / (1 - 0.99 ** self.n)).sqrt() + 1e-8)


class Reverser(nn.Module):
    def __init__(self, h=48):
        super().__init__()
        self.emb = nn.Embedding(V + 1, 16)
        self.enc = nn.GRU(16, h, batch_first=True)
        self.dec = nn.RNN(16, h, batch_first=True)
        self.out = nn.Linear(h, V)

    def forward(self, src, prev):
        _, h = self.enc(self.emb(src))
        y, _ = self.dec(self.emb(prev), h)
        return self.out(y)


torch.manual_seed(15)
net = Reverser()
opt = Momentum(net.parameters(), lr=3e-3)
net.enc = nn.GRU(16, 48, batch_first=True)
net.dec = nn.GRU(16, 48, batch_first=True)
for step in range(800):
    src = torch.randint(0, V, (64, S))
    tgt = src.flip(1)
    prev = torch.cat([torch.full((64, 1), V), tgt[:, :-1]], 1)
    net.zero_grad()
    loss = nn.functional.cross_entropy(net(src, prev).flatten(0, 1), tgt.flatten())
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print("step", step, "xent", round(loss.item(), 4))
print("last loss", round(loss.item(), 4))
