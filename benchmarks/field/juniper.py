import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(8)
V, L, K = 60, 10, 4
cls = torch.softmax(torch.randn(K, V) * 1.5, 1)
def bags(n):
    y = torch.randint(0, K, (n,))
    x = torch.multinomial(cls[y], L, replacement=True) + 1
    ln = torch.randint(3, L + 1, (n,))
    ln[torch.rand(n) < 0.0003] = 0
    x[torch.arange(L)[None] >= ln[:, None]] = 0
    return x, y
class Pool(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(V + 1, 24, padding_idx=0)
        self.q = nn.Linear(24, 1)
        self.o = nn.Linear(24, K)
    def forward(self, x):
        h = self.e(x)
        s = self.q(torch.tanh(h)).squeeze(-1).masked_fill(x == 0, float('-inf'))
        a = torch.softmax(s, 1)
        return self.o((a[..., None] * h).sum(1))
net = Pool()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
xv, yv = bags(1500)
keep = (xv > 0).any(1); xv, yv = xv[keep], yv[keep]
for it in range(1200):
    x, y = bags(64)
    loss = F.cross_entropy(net(x), y)
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 120 == 0: print(it, f'{loss.item():.4f}')
with torch.no_grad():
    xt, yt = bags(1500); keep = (xt > 0).any(1); xt, yt = xt[keep], yt[keep]
    print(f'train {F.cross_entropy(net(xt), yt):.4f} held-out {F.cross_entropy(net(xv), yv):.4f} acc {(net(xv).argmax(1) == yv).float().mean():.4f}')
