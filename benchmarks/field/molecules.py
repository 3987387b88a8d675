import torch
import torch.nn as nn

torch.manual_seed(52)

class SignMomentum(torch.optim.Optimizer):
    def __init__(self, params, lr, b1=0.9, b2=0.98, wd=0.01):
        super().__init__(params, dict(lr=lr, b1=b1, b2=b2, wd=wd))
    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g['params']:
                if p.grad is None: continue
                m = self.state[p].setdefault('m', torch.zeros_like(p))
                u = (g['b1'] * m + (1 - g['b1']) * p.grad).sign_()
                p.mul_(1 - g['lr'] * g['wd']).add_(u, alpha=-g['lr'])
                m.mul_(g['b2']).add_(p.grad, alpha=1 - g['b2'])

N, K = 12, 5
charge = torch.tensor([0.5, -0.4, 0.8, -0.9, 0.1])

def graphs(n):
    z = torch.randint(0, K, (n, N))
    pos = torch.rand(n, N, 2)
    d = torch.cdist(pos, pos)
    A = (d < 0.35).float() * (1 - torch.eye(N))
    q = charge[z]
    y = torch.einsum('ni,nij,nj->n', q, A, q) + 0.3 * (A.sum(2) > 3).float().sum(1)
    return z, A, y

class MPNN(nn.Module):
    def __init__(self, d=40, rounds=3):
        super().__init__()
        self.emb = nn.Embedding(K, d)
        self.msg = nn.ModuleList([nn.Linear(d, d) for _ in range(rounds)])
        self.upd = nn.ModuleList([nn.Linear(2 * d, d) for _ in range(rounds)])
        self.read = nn.Sequential(nn.Linear(d, d), nn.SiLU(), nn.Linear(d, 1))
    def forward(self, z, A):
        h = self.emb(z)
        for m, u in zip(self.msg, self.upd):
            agg = A @ nn.functional.silu(m(h))
            h = h + nn.functional.silu(u(torch.cat([h, agg], -1)))
        return self.read(h).sum(1).squeeze(-1)

tr, va = graphs(4000), graphs(800)
mu, sd = tr[2].mean(), tr[2].std()
net = MPNN()
opt = SignMomentum(net.parameters(), lr=8e-4)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.05, 1500)
for step in range(1500):
    i = torch.randint(0, 4000, (64,))
    loss = (net(tr[0][i], tr[1][i]) - (tr[2][i] - mu) / sd).pow(2).mean()
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    if step % 150 == 0 or step == 1499:
        with torch.no_grad():
            v = (net(va[0], va[1]) - (va[2] - mu) / sd).pow(2).mean().item()
        print(step, f'train {loss.item():.4f} val {v:.4f}')
