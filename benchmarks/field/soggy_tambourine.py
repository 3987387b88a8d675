import torch
from torch import nn
from torch.func import functional_call, grad, vmap

torch.manual_seed(125)
net = nn.Sequential(nn.Linear(1, 40), nn.ReLU(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 1))
meta_opt = torch.optim.Adam(net.parameters(), lr=6e-3)


def tasks(n, k=10):
    amp, ph = torch.rand(n, 1, 1) * 2 + 0.5, torch.rand(n, 1, 1) * 3.14
    x = torch.rand(n, 2 * k, 1) * 10 - 5
    y = amp * torch.sin(x + ph)
    return x[:, :k], y[:, :k], x[:, k:], y[:, k:]


def mse(p, x, y):
    return ((functional_call(net, p, (x,)) - y) ** 2).mean()


def adapted_loss(p, xs, ys, xq, yq, steps=2, lr=0.03):
    for _ in range(steps):
        g = grad(mse)(p, xs, ys)
        p = {k: p[k] - lr * g[k] for k in p}
    return mse(p, xq, yq)


batched = vmap(adapted_loss, in_dims=(None, 0, 0, 0, 0))
val = tasks(300)
hist = []
for it in range(1, 1501):
    p = dict(net.named_parameters())
    loss = batched(p, *tasks(16)).mean()
    meta_opt.zero_grad()
    loss.backward()
    meta_opt.step()
    hist.append(loss.item())
    if it % 150 == 0:
        v = batched({k: q.detach() for k, q in net.named_parameters()}, *val).mean()
        print(f"meta step {it} loss {sum(hist[-150:]) / 150:.4f} val after adaptation {v.item():.4f}")
