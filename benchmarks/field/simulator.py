import torch
import torch.nn as nn

DT = 0.1
K = 20

def truth(s):
    th, om = s.chunk(2, -1)
    acc = -torch.sin(th) * 1.5 + 0.8 * (th.roll(1, -1) + th.roll(-1, -1) - 2 * th) - 0.05 * om
    return torch.cat([om, acc], -1)

def trajectories(n, steps=K):
    s = torch.randn(n, 6) * 0.8
    out = [s]
    for _ in range(steps):
        for _ in range(4):
            s = s + DT / 4 * truth(s)
        out.append(s)
    return torch.stack(out, 1)

class Stepper(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, 6))
        for m in self.net:
            if isinstance(m, nn.Linear):
                nn.init.xavier_normal_(m.weight, gain=1.15)
                nn.init.zeros_(m.bias)

    def rollout(self, s, steps):
        out = [s]
        for _ in range(steps):
            s = s + self.net(s)
            out.append(s)
        return torch.stack(out, 1)

def loss_fn(model, tr):
    return nn.functional.l1_loss(model.rollout(tr[:, 0], K), tr)

torch.manual_seed(9)
data, held = trajectories(2000), trajectories(400)
model = Stepper()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for it in range(1000):
    loss = loss_fn(model, data[torch.randint(0, 2000, (32,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0 or it == 999:
        with torch.no_grad():
            print(it, 'rollout l1', loss.item(), 'held-out', loss_fn(model, held).item())
