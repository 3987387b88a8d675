import torch
import torch.nn as nn

torch.manual_seed(113)
dt, horizon = 0.1, 30


def true_step(s):
    th, w = s[:, :1], s[:, 1:]
    w = w + dt * (-2.0 * torch.sin(th) - 0.1 * w)
    return torch.cat([th + dt * w, w], 1)


def rollout(f, s):
    out = []
    for _ in range(horizon):
        s = f(s)
        out.append(s)
    return torch.stack(out, 1)


net = nn.Sequential(nn.Linear(2, 32), nn.ELU(), nn.Linear(32, 2))
nn.init.normal_(net[2].weight, std=0.3)


def model_step(s):
    return s + dt * net(s)


opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for it in range(400):
    s0 = torch.randn(32, 2) * torch.tensor([1.0, 1.0])
    loss = (rollout(model_step, s0) - rollout(true_step, s0)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 40 == 0:
        print(it, loss.item())
s0 = torch.randn(300, 2)
with torch.no_grad():
    print('test', (rollout(model_step, s0) - rollout(true_step, s0)).pow(2).mean().item())
