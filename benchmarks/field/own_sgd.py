import torch

torch.manual_seed(61)
n = 3000
x = torch.rand(n, 2) * 2 - 1
y = torch.sin(3 * x[:, 0]) * torch.cos(2 * x[:, 1]) + 0.05 * torch.randn(n)
feats = torch.stack([torch.cos(a * x[:, 0]) * torch.cos(b * x[:, 1]) for a in range(4) for b in range(4)]
                    + [torch.sin(a * x[:, 0]) * torch.cos(b * x[:, 1]) for a in range(1, 5) for b in range(4)], 1)
feats = (feats - feats.mean(0)) / (feats.std(0) + 1e-6)
feats = torch.cat([feats, torch.ones(n, 1)], 1)
ftr, fva, ytr, yva = feats[:2500], feats[2500:], y[:2500], y[2500:]

w = torch.zeros(feats.shape[1], requires_grad=True)
v = torch.zeros(feats.shape[1])
lr, mu = 2.2e-6, 0.9

def mse(f, t):
    return ((f @ w - t) ** 2).mean()

for step in range(20001):
    i = torch.randint(0, 2500, (128,))
    loss = mse(ftr[i], ytr[i])
    loss.backward()
    with torch.no_grad():
        v.mul_(mu).add_(w.grad, alpha=lr)
        w += v
        w.grad.zero_()
    if step % 2000 == 0:
        with torch.no_grad():
            print(step, 'train', loss.item(), 'val', mse(fva, yva).item())
