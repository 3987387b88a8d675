import torch
import torch.nn as nn
import torch.nn.functional as F

T, V = 12, 6
def make(n, g):
    """tokens; the answer is the most frequent of the first three symbols"""
    x = torch.randint(0, V, (n, T), generator=g)
    counts = torch.stack([(x == k).sum(1) for k in range(3)], 1).float()
    counts += torch.tensor([0.02, 0.01, 0.0])
    return x, counts.argmax(1)

class Encoder(nn.Module):
    def __init__(s, d=48):
        super().__init__()
        s.e = nn.Embedding(V + 1, d)
        s.p = nn.Parameter(0.02 * torch.randn(1, T + 1, d))
        s.q, s.k, s.v, s.o = (nn.ModuleList([nn.Linear(d, d) for _ in range(2)]) for _ in range(4))
        s.n1 = nn.ModuleList([nn.LayerNorm(d) for _ in range(2)])
        s.n2 = nn.ModuleList([nn.LayerNorm(d) for _ in range(2)])
        s.ff = nn.ModuleList([nn.Sequential(nn.Linear(d, 2 * d), nn.ReLU(), nn.Linear(2 * d, d)) for _ in range(2)])
        s.head = nn.Linear(d, 3)
    def heads(s, t):
        return t.view(t.size(0), -1, 4, 12).transpose(1, 2)
    def forward(s, x):
        cls = torch.full((x.size(0), 1), V)
        h = s.e(torch.cat([cls, x], 1)) + s.p
        for i in range(2):
            z = s.n1[i](h)
            a = F.scaled_dot_product_attention(s.heads(s.q[i](z)), s.heads(s.k[i](z)), s.heads(s.v[i](z)))
            h = h + s.o[i](a.transpose(1, 2).flatten(2))
            h = h + s.ff[i](s.n2[i](h))
        return s.head(h[:, 0])

g = torch.Generator().manual_seed(17)
torch.manual_seed(17)
xt, yt = make(1500, g)
net = Encoder()
opt = torch.optim.AdamW(net.parameters(), lr=3e-2, weight_decay=1e-2)
for i in range(700):
    x, y = make(64, g)
    loss = F.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if (i + 1) % 100 == 0:
        with torch.no_grad():
            out = net(xt)
        print(i + 1, f"train {loss:.3f} test {F.cross_entropy(out, yt):.3f} acc {(out.argmax(1) == yt).float().mean():.3f}")
