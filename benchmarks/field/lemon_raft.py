import torch
from torch.func import functional_call, grad
torch.manual_seed(110)
net = torch.nn.Sequential(torch.nn.Linear(1, 40), torch.nn.Tanh(), torch.nn.Linear(40, 40), torch.nn.Tanh(), torch.nn.Linear(40, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)


def task():
    a, ph = 0.5 + 2 * torch.rand(1), 3.14 * torch.rand(1)
    def draw(n):
        x = torch.rand(n, 1) * 6 - 3
        return x, a * torch.sin(x + ph)
    return draw(10), draw(10)


def mse(p, x, y):
    return ((functional_call(net, p, (x,)) - y) ** 2).mean()


def adapt(p, x, y, lr=0.05):
    g = grad(mse)(p, x, y)
    return {k: p[k] - lr * g[k] for k in p}


hist = []
for it in range(700):
    p = dict(net.named_parameters())
    tot = 0
    for _ in range(4):
        (xs, ys), (xq, yq) = task()
        tot = tot + mse(adapt(p, xs, ys), xq, yq) / 4
    opt.zero_grad(); tot.backward(); opt.step()
    hist.append(tot.item())
pre, post = 0, 0
p = {k: v.detach() for k, v in net.named_parameters()}
for _ in range(200):
    (xs, ys), (xq, yq) = task()
    pre += mse(p, xq, yq).item() / 200; post += mse(adapt(p, xs, ys), xq, yq).item() / 200
print('meta loss first/last 50', sum(hist[:50]) / 50, sum(hist[-50:]) / 50, 'before adapt', pre, 'after adapt', post)
