import torch
from torch import nn
from torch.func import functional_call, grad, vmap

torch.manual_seed(53)
net = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))
params = {k: v.detach().clone().requires_grad_() for k, v in net.named_parameters()}
INNER = 0.05


def mse(p, x, y):
    return (functional_call(net, p, (x,)) - y).square().mean()


def adapted_loss(p, xs, ys, xq, yq):
    for _ in range(2):
        g = grad(mse)(p, xs, ys)
        p = {k: p[k] - INNER * g[k] for k in p}
    return mse(p, xq, yq)


def tasks(n, k=10):
    amp = 0.5 + 1.5 * torch.rand(n, 1, 1)
    ph = 3.14159 * torch.rand(n, 1, 1)
    x = torch.rand(n, 2 * k, 1) * 6 - 3
    y = amp * torch.sin(x + ph)
    return x[:, :k] / 1.7, y[:, :k], x[:, k:] / 1.7, y[:, k:]


meta = vmap(adapted_loss, in_dims=(None, 0, 0, 0, 0))
opt = torch.optim.Adam(params.values(), lr=2e-3)
test = tasks(100)
for it in range(900):
    loss = meta(params, *tasks(16)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 90 == 89:
        print(f'{it + 1} post-adaptation loss {loss.item():.4f} new tasks {meta(params, *test).mean().item():.4f}')
