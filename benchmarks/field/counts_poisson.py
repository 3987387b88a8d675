import torch

torch.manual_seed(77)
n = 8000
hour = torch.rand(n); temp = torch.rand(n); wind = torch.rand(n); wet = (torch.rand(n) < 0.25).float(); work = (torch.rand(n) < 0.7).float()
x = torch.stack([hour, temp, wind, wet, work] + [torch.rand(n) for _ in range(5)], 1)
rate = torch.exp(0.3 + 1.4 * torch.exp(-((hour - 0.35) / 0.08) ** 2) * work + 1.2 * torch.exp(-((hour - 0.72) / 0.1) ** 2) + 1.5 * temp * (1 - wet) - 0.8 * wind)
y = torch.poisson(rate)

def layer(i, o):
    bound = (6 / i) ** 0.5
    w = torch.empty(i, o).uniform_(-bound, bound / 5)
    b = torch.zeros(o)
    return w.requires_grad_(), b.requires_grad_()

(w1, b1), (w2, b2) = layer(10, 64), layer(64, 32)
w3, b3 = (torch.randn(32, 1) * 0.1).requires_grad_(), torch.zeros(1, requires_grad=True)
P = [w1, b1, w2, b2, w3, b3]

def log_rate(x):
    h = torch.relu(x @ w1 + b1)
    h = torch.relu(h @ w2 + b2)
    return (h @ w3 + b3).squeeze(1)

def nll(x, y):
    r = log_rate(x)
    return (r.exp() - y * r).mean()

opt = torch.optim.Adam(P, lr=2e-3)
xt, yt, xv, yv = x[:6500], y[:6500], x[6500:], y[6500:]
for step in range(10000):
    i = torch.randint(0, 6500, (64,))
    loss = nll(xt[i], yt[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 1000 == 0 or step == 9999:
        with torch.no_grad():
            print(f'{step:5d} nll {nll(xt, yt).item():.4f} held-out {nll(xv, yv).item():.4f}')
