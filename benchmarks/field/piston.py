import torch

torch.manual_seed(64)
th = (torch.rand(4000) * 2 - 1) * 3
om = torch.randn(4000) * 2
u = torch.randn(4000)
dt = 0.15
acc = -9.8 * torch.sin(th) / 4 - 0.1 * om + u
dom = dt * acc
dth = dt * (om + dom)
inp = torch.stack([torch.sin(th), torch.cos(th), om / 2, u], 1)
out = torch.stack([dth, dom], 1)
out = (out - out.mean(0)) / out.std(0)

W = {}
def make(name, i, o):
    W[name + '.w'] = (torch.randn(i, o) * (1.5 / i) ** 0.5).requires_grad_()
    W[name + '.b'] = torch.zeros(o).requires_grad_()
make('a', 4, 50); make('b', 50, 50); make('c', 50, 2)
def net(x):
    x = torch.nn.functional.softplus(x @ W['a.w'] + W['a.b'])
    x = torch.tanh(x @ W['b.w'] + W['b.b'])
    return x @ W['c.w'] + W['c.b']

lr = 0.05
for it in range(3000):
    b = torch.randint(0, 3500, (32,))
    loss = (net(inp[b]) - out[b]).square().mean()
    loss.backward()
    with torch.no_grad():
        for k, p in W.items():
            p -= lr * p.grad
            if k.endswith('.b'):
                p.grad.zero_()
    if it % 500 == 499:
        with torch.no_grad():
            print(it + 1, 'train', (net(inp[:3500]) - out[:3500]).square().mean().item(), 'valid', (net(inp[3500:]) - out[3500:]).square().mean().item())
