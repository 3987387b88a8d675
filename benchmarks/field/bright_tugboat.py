import torch
from torch.func import functional_call, grad_and_value

torch.manual_seed(112)
n = 1500
y = torch.randint(0, 3, (n,))
r = torch.rand(n) * 0.9 + 0.1
th = r * 5 + y * 2.0944 + 0.12 * torch.randn(n)
X = torch.stack([r * th.cos(), r * th.sin()], 1) * 2
net = torch.nn.Sequential(torch.nn.Linear(2, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 3))
z = {k: v.detach().clone() for k, v in net.named_parameters()}
x = {k: v.clone() for k, v in z.items()}
LR, BETA, WARM = 0.8, 0.9, 100


def loss_fn(p, a, t):
    return torch.nn.functional.cross_entropy(functional_call(net, p, (a,)), t)


gv = grad_and_value(loss_fn)
wsum = 0.0
for s in range(1, 3001):
    b = torch.randint(0, 1200, (64,))
    mid = {k: (1 - BETA) * z[k] + BETA * x[k] for k in z}
    g, l = gv(mid, X[b], y[b])
    lr = LR * min(1.0, s / WARM)
    z = {k: z[k] - lr * g[k] for k in z}
    wsum += lr ** 2
    c = lr ** 2 / wsum
    x = {k: (1 - c) * x[k] + c * z[k] for k in x}
    if s % 300 == 0:
        o = functional_call(net, x, (X[1200:],))
        print(f"{s} loss {l.item():.4f} val {torch.nn.functional.cross_entropy(o, y[1200:]).item():.4f} acc {(o.argmax(1) == y[1200:]).float().mean().item():.4f}")
