import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(38)
ds = load_digits()
X = torch.tensor(ds.data, dtype=torch.float32)
X = (X - X.mean()) / X.std()
y = torch.tensor(ds.target)
o = torch.randperm(len(X))
X, y = X[o], y[o]
Xt, yt, Xv, yv = X[:1400], y[:1400], X[1400:], y[1400:]
net = nn.Sequential(nn.Linear(64, 96), nn.LayerNorm(96), nn.SiLU(), nn.Linear(96, 16))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
by_class = [torch.nonzero(yt == c).squeeze(1) for c in range(10)]


def view(x):
    return x + 0.4 * torch.randn_like(x)


def emb(x):
    return F.normalize(net(x), dim=1)


for step in range(1500):
    a = torch.stack([c[torch.randint(0, len(c), (4,))] for c in by_class]).flatten()
    b = torch.stack([c[torch.randint(0, len(c), (4,))] for c in by_class]).flatten()
    sim = emb(view(Xt[a])) @ emb(view(Xt[b])).t() / 0.2
    pos = (yt[a][:, None] == yt[b][None]).float()
    loss = -((sim - sim.logsumexp(1, keepdim=True)) * pos).sum(1).div(pos.sum(1)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 149:
        with torch.no_grad():
            near = (emb(Xv) @ emb(Xt).t()).topk(5).indices
            vote = yt[near].mode(1).values
        print(f"step {step + 1} loss {loss.item():.4f} neighbours right {(vote == yv).float().mean().item():.4f}")
