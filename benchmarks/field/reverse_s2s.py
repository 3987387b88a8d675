import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(58)
PLUS, START = 10, 11

def sums(n):
    a, b = torch.randint(0, 100, (2, n))
    s = a + b
    dig = lambda v, k: torch.stack([(v // 10 ** j) % 10 for j in range(k)], 1)
    src = torch.cat([dig(a, 2), torch.full((n, 1), PLUS), dig(b, 2)], 1)
    return src, dig(s, 3)

class Seq2Seq(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.emb = nn.Embedding(12, 32)
        self.enc = nn.GRU(32, h, batch_first=True)
        self.dec = nn.GRU(32 + h, h, batch_first=True)
        self.att = nn.Linear(h, h, bias=False)
        self.out = nn.Linear(2 * h, 10)
    def step(self, tok, state, mem):
        ctx = (torch.softmax((self.att(mem) * state[-1][:, None]).sum(-1) / 10, 1)[..., None] * mem).sum(1)
        y, state = self.dec(torch.cat([self.emb(tok), ctx], -1)[:, None], state)
        return self.out(torch.cat([y[:, 0], ctx], -1)), state
    def forward(self, src, tgt=None):
        mem, state = self.enc(self.emb(src))
        tok = torch.full((len(src),), START)
        outs = []
        for t in range(3):
            o, state = self.step(tok, state, mem)
            outs.append(o)
            tok = tgt[:, t] if tgt is not None else o.argmax(-1)
        return torch.stack(outs, 1)

net = Seq2Seq()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1800)
for step in range(1800):
    x, y = sums(64)
    loss = F.cross_entropy(net(x, y).flatten(0, 1), y.flatten())
    opt.zero_grad(); loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step(); sched.step()
    if step % 180 == 0 or step == 1799:
        with torch.no_grad():
            x, y = sums(500)
            ok = (net(x).argmax(-1) == y).all(1).float().mean()
        print(step, f'loss {loss.item():.4f} exact {ok.item():.3f}')
