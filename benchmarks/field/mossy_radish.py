import torch
import torch.nn.functional as F
from torch.func import functional_call, grad

torch.manual_seed(133)
net = torch.nn.Sequential(torch.nn.Linear(1, 40), torch.nn.Tanh(), torch.nn.Linear(40, 40), torch.nn.Tanh(), torch.nn.Linear(40, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
INNER = 0.05


def task():
    amp, ph = torch.rand(1) * 2 + 0.5, torch.rand(1) * 3.14
    f = lambda n: ((x := torch.rand(n, 1) * 6 - 3), amp * torch.sin(x + ph))
    return f


def inner_loss(params, x, y):
    return F.mse_loss(functional_call(net, params, (x,)), y)


def adapt(params, x, y, steps):
    for _ in range(steps):
        g = torch.autograd.grad(inner_loss(params, x, y), list(params.values()), create_graph=torch.is_grad_enabled() and steps < 3)
        params = {k: v - INNER * gg for (k, v), gg in zip(params.items(), g)}
    return params


def evaluate(k=100):
    before = after = 0.0
    for _ in range(k):
        f = task()
        p = {n: v.detach().clone().requires_grad_(True) for n, v in net.named_parameters()}
        xs, ys = f(10)
        xq, yq = f(50)
        before += inner_loss(p, xq, yq).item() / k
        after += inner_loss(adapt(p, xs, ys, 2), xq, yq).item() / k
    return before, after


print("at start", evaluate())
for step in range(1200):
    total = 0.0
    for _ in range(4):
        f = task()
        xs, ys = f(10)
        xq, yq = f(10)
        fast = adapt(dict(net.named_parameters()), xs, ys, 2)
        total = total + inner_loss(fast, xq, yq) / 4
    opt.zero_grad()
    total.backward()
    opt.step()
    if step % 120 == 0:
        print(step, round(total.item(), 4))
b, a = evaluate(300)
print("final meta loss", round(total.item(), 4), "new tasks before", round(b, 4), "after two steps", round(a, 4))
