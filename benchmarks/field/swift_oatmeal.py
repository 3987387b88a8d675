import torch
from torch import nn

torch.manual_seed(78)
V, T = 10, 7


class Seq2Seq(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.es, self.ed = nn.Embedding(V, 24), nn.Embedding(V + 1, 24)
        self.enc = nn.GRU(24, h, batch_first=True)
        self.dec = nn.GRUCell(24 + h, h)
        self.wq, self.wk, self.v = nn.Linear(h, h, bias=False), nn.Linear(h, h), nn.Linear(h, 1, bias=False)
        self.out = nn.Linear(2 * h, V)

    def forward(self, s, prev):
        mem, last = self.enc(self.es(s))
        keys, h = self.wk(mem), last[0]
        outs = []
        for t in range(prev.size(1)):
            w = self.v(torch.tanh(self.wq(h)[:, None] + keys)).softmax(1)
            ctx = (w * mem).sum(1)
            h = self.dec(torch.cat([self.ed(prev[:, t]), ctx], 1), h)
            outs.append(self.out(torch.cat([h, ctx], 1)))
        return torch.stack(outs, 1)


def batch(n):
    s = torch.randint(0, V, (n, T))
    t = s.flip(1)
    return s, torch.cat([torch.full((n, 1), V), t[:, :-1]], 1), t


net = Seq2Seq()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for k in range(600):
    s, p, t = batch(64)
    loss = nn.functional.cross_entropy(net(s, p).flatten(0, 1), t.flatten())
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if k % 75 == 0:
        print(k, round(loss.item(), 4))
with torch.no_grad():
    s, p, t = batch(500)
    print("token accuracy", (net(s, p).argmax(-1) == t).float().mean().item())
