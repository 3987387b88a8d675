import torch
import torch.nn as nn

torch.manual_seed(43)
V, MAXL = 40, 16
polarity = torch.randn(V)
polarity = polarity - polarity[1:].mean()
polarity[0] = 0


def batch(n):
    lens = torch.randint(4, MAXL, (n,))
    tok = torch.randint(1, V, (n, MAXL))
    pad = torch.arange(MAXL)[None] >= lens[:, None]
    tok[pad] = 0
    lab = (polarity[tok].sum(1) > 0).long()
    return tok, pad, lab


class Pooler(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.emb = nn.Embedding(V, d)
        self.key = nn.Linear(d, 1, bias=False)
        self.mlp = nn.Sequential(nn.Linear(d, 32), nn.ReLU(), nn.Linear(32, 2))

    def forward(self, tok, pad):
        e = self.emb(tok)
        w = self.key(torch.tanh(e)).squeeze(-1).masked_fill(~pad, -1e9)
        return self.mlp((w.softmax(1).unsqueeze(-1) * e).sum(1))


net = Pooler()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for it in range(1200):
    tok, pad, lab = batch(64)
    loss = nn.functional.cross_entropy(net(tok, pad), lab)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 150 == 0:
        print(it, round(loss.item(), 4))
tok, pad, lab = batch(2000)
with torch.no_grad():
    print("accuracy", (net(tok, pad).argmax(1) == lab).float().mean().item())
