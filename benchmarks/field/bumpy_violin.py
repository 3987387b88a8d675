import torch

torch.manual_seed(52)
N, W, DEPTH = 1500, 32, 16
X = torch.randn(N, 6)
Y = torch.stack([torch.sin(X[:, 0] + X[:, 1]), X[:, 2] * torch.tanh(X[:, 3])], 1)
Y = (Y - Y.mean(0)) / Y.std(0)
GAIN = 0.6


def make_params():
    ps, n = [], 6
    for _ in range(DEPTH):
        ps.append((GAIN * torch.randn(n, W) / n ** 0.5).requires_grad_())
        ps.append(torch.zeros(W, requires_grad=True))
        n = W
    ps.append((torch.randn(n, 2) / n ** 0.5).requires_grad_())
    ps.append(torch.zeros(2, requires_grad=True))
    return ps


def forward(ps, x):
    for i in range(0, 2 * DEPTH, 2):
        x = torch.tanh(x @ ps[i] + ps[i + 1])
    return x @ ps[-2] + ps[-1]


P = make_params()
M = [torch.zeros_like(p) for p in P]
for it in range(2000):
    b = torch.randint(0, 1200, (32,))
    loss = (forward(P, X[b]) - Y[b]).pow(2).mean()
    gs = torch.autograd.grad(loss, P)
    with torch.no_grad():
        for p, m, g in zip(P, M, gs):
            m.mul_(0.9).add_(g)
            p.sub_(0.004 * m)
    if it % 200 == 199:
        with torch.no_grad():
            print(it + 1, "loss", round(loss.item(), 4), "val", round((forward(P, X[1200:]) - Y[1200:]).pow(2).mean().item(), 4))
