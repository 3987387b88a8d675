import torch

torch.manual_seed(37)
d, n = 30, 25000
beta = torch.randn(d) / d ** 0.5
X = torch.randn(n, d)
signal = X @ beta + 0.3 * torch.sin(3 * X[:, 0])
y = signal + 1.5 * torch.randn(n)
W1 = (torch.randn(d, 40) / d ** 0.5).requires_grad_()
b1 = torch.zeros(40, requires_grad=True)
W2 = (torch.randn(40, 1) / 40 ** 0.5 * 0.3).requires_grad_()
b2 = torch.zeros(1, requires_grad=True)
P = [W1, b1, W2, b2]
f = lambda x: (torch.tanh(x @ W1 + b1) @ W2 + b2).squeeze(1)
bs = 2
for it in range(1, 4001):
    i = torch.randint(0, 20000, (bs,))
    l = ((f(X[i]) - y[i]) ** 2).mean()
    gs = torch.autograd.grad(l, P)
    with torch.no_grad():
        for p, g in zip(P, gs):
            p.sub_(0.03 * g)
    if it % 800 == 0:
        with torch.no_grad():
            print(it, 'train', ((f(X[:20000]) - y[:20000]) ** 2).mean().item(), 'held-out', ((f(X[20000:]) - y[20000:]) ** 2).mean().item(), 'to signal', ((f(X[20000:]) - signal[20000:]) ** 2).mean().item())
