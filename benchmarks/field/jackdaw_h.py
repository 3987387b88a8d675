import math
import torch
from torch import nn
from torch.func import functional_call, grad, vmap
torch.manual_seed(21)
net = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))
params = dict(net.named_parameters())
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
def tasks(n, k=10):
    amp = torch.rand(n, 1, 1) * 1.5 + 0.5
    ph = torch.rand(n, 1, 1) * math.pi
    x = torch.rand(n, 2 * k, 1) * 6 - 3
    y = amp * torch.sin(x + ph)
    return x[:, :k], y[:, :k], x[:, k:], y[:, k:]
def loss_fn(p, x, y):
    return ((functional_call(net, p, (x,)) - y) ** 2).mean()
def adapted(p, xs, ys, xq, yq):
    for _ in range(1):
        g = grad(loss_fn)(p, xs, ys)
        p = {k: p[k] - 0.1 * g[k] for k in p}
    return loss_fn(p, xq, yq)
rec = []
for it in range(1200):
    loss = vmap(adapted, in_dims=(None, 0, 0, 0, 0))(params, *tasks(16)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    rec.append(loss.item())
    if it % 300 == 299: print(it + 1, sum(rec[-100:]) / 100)
before = torch.stack([loss_fn(params, a, b) for a, b in zip(*tasks(200)[:2])]).mean()
print('meta train', sum(rec[-100:]) / 100, 'unadapted loss', before.item(), 'fresh tasks', vmap(adapted, in_dims=(None, 0, 0, 0, 0))(params, *tasks(200)).mean().item())
