import torch
from torch import nn

torch.manual_seed(140)
V, T = 5, 24
proto = torch.randn(V + 1, 6)


def batch(n):
    x = torch.zeros(n, T, 6)
    tg, tl = [], []
    for k in range(n):
        L = int(torch.randint(2, 5, ()))
        s = torch.randint(1, V + 1, (L,))
        t = 0
        for c in s.tolist():
            t += int(torch.randint(1, 3, ()))
            d = int(torch.randint(2, 4, ()))
            x[k, t:t + d] = proto[c]
            t += d
        tg.append(s)
        tl.append(L)
    return x + 0.4 * torch.randn_like(x), torch.cat(tg), torch.tensor(tl)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(6, 32, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(64, V + 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[0]).log_softmax(-1)


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
ctc = nn.CTCLoss(blank=0)
xv, tv, lv = batch(300)


def exact(lp):
    hit, o = 0, 0
    for row, L in zip(lp.argmax(-1), lv.tolist()):
        u = torch.unique_consecutive(row)
        u = u[u > 0]
        w = tv[o:o + L]
        hit += int(len(u) == L and bool((u == w).all()))
        o += L
    return hit / len(lv)


for s in range(1, 501):
    x, t, l = batch(24)
    loss = ctc(net(x).transpose(0, 1), t, torch.full((24,), T), l)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 2.0)
    opt.step()
    if s % 50 == 0:
        with torch.no_grad():
            lp = net(xv)
            v = ctc(lp.transpose(0, 1), tv, torch.full((300,), T), lv)
        print(f"{s} loss {loss.item():.4f} val {v.item():.4f} exact {exact(lp):.3f}")
