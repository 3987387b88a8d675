import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(64)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = x[torch.randperm(len(x))]
tr, te = x[:1500], x[1500:]
W = torch.nn.Parameter(torch.randn(64, 40) * 0.12)
V = torch.nn.Parameter(torch.randn(40, 20) * 0.15)
b1, b2, c1, c2 = [torch.nn.Parameter(torch.zeros(k)) for k in (40, 20, 40, 64)]


def reconstruct(v):
    h = F.softplus(v @ W + b1)
    z = h @ V + b2
    return F.softplus(z @ V.t() + c1) @ W.t() + c2


opt = torch.optim.Adam([W, V, b1, b2, c1, c2], lr=2e-3)
for epoch in range(60):
    for b in torch.randperm(1500).split(50):
        v = tr[b]
        loss = F.mse_loss(reconstruct(v * (torch.rand_like(v) > 0.2)), v)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 12 == 0:
        print(epoch, round(loss.item(), 5))
with torch.no_grad():
    print("test mse", F.mse_loss(reconstruct(te), te).item(), "variance", te.var(0).mean().item())
