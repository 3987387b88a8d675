import copy
import math
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(0)


def task():
    amp, ph = torch.rand(1) * 4 + 1, torch.rand(1) * math.pi
    return lambda x: amp * torch.sin(x + ph)


meta = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))


def adapt(net, f, steps, lr=0.02, k=10):
    xs = torch.rand(k, 1) * 10 - 5
    ys = f(xs)
    opt = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(steps):
        loss = (net(xs) - ys).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    return loss.item()


grid = torch.linspace(-5, 5, 100)[:, None]
ITER = 2500
for it in range(ITER):
    fast = copy.deepcopy(meta)
    last = adapt(fast, task(), steps=5)
    eps = 0.25 * (1 - it / ITER)
    with torch.no_grad():
        for p, q in zip(meta.parameters(), fast.parameters()):
            p.add_(eps * (q - p))
    if it % 250 == 249:
        state = torch.get_rng_state()
        torch.manual_seed(1000)
        before = after = 0.0
        for _ in range(40):
            f = task()
            probe = copy.deepcopy(meta)
            before += (probe(grid) - f(grid)).pow(2).mean().item() / 40
            adapt(probe, f, steps=32)
            after += (probe(grid) - f(grid)).pow(2).mean().item() / 40
        torch.set_rng_state(state)
        print(f'{it + 1}: inner loss {last:.3f} | new tasks before {before:.3f} after 32 steps {after:.3f}')
