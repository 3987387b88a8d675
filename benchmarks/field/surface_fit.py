import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)

def surface(n):
    p = torch.rand(n, 2) * 2 - 1
    z = torch.exp(-3 * (p[:, 0] - 0.2) ** 2) * torch.cos(4 * p[:, 1]) + 0.3 * p[:, 0] * torch.sin(5 * p[:, 0])
    return p, z + 0.01 * torch.randn(n)

P, Z = surface(1500)
Pv, Zv = surface(500)
sizes = [2, 24, 24, 1]
theta = []
for a, b in zip(sizes, sizes[1:]):
    theta += [torch.randn(a, b).mul_(1.2 / a ** 0.5).requires_grad_(), torch.zeros(b).requires_grad_()]

def predict(p):
    h = torch.tanh(p @ theta[0] + theta[1])
    h = torch.tanh(h @ theta[2] + theta[3])
    return (h @ theta[4] + theta[5])[:, 0]

opt = torch.optim.LBFGS(theta, lr=1.0, max_iter=2, history_size=10, line_search_fn='strong_wolfe')

def closure():
    opt.zero_grad()
    loss = (predict(P) - Z).square().mean() + 1e-6 * sum(t.square().sum() for t in theta)
    loss.backward()
    return loss

for it in range(1000):
    loss = opt.step(closure)
    if it % 100 == 0 or it == 999:
        with torch.no_grad():
            print(it, f'loss {loss.item():.6f} held-out {(predict(Pv) - Zv).square().mean().item():.6f}')
