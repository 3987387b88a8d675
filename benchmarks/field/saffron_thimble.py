import math
import torch
import torch.nn as nn

torch.manual_seed(29)


def true_flow(z):
    x, v = z[..., 0], z[..., 1]
    return torch.stack([v, -x + 0.6 * (1 - x ** 2) * v], -1)


def simulate(n, steps=20, dt=0.1):
    z = torch.randn(n, 2)
    out = [z]
    for _ in range(steps):
        for _ in range(5):
            z = z + dt / 5 * true_flow(z)
        out.append(z)
    return torch.stack(out, 1)


class Field(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(2, width), nn.Linear(width, width), nn.Linear(width, 2)
        with torch.no_grad():
            for l in (self.a, self.b, self.c):
                l.weight.normal_(0, 2.6 / math.sqrt(l.in_features))
                l.bias.zero_()

    def forward(self, z):
        return self.c(nn.functional.softplus(self.b(nn.functional.softplus(self.a(z))) ) ) 


def rollout(f, z, steps=20, dt=0.1):
    out = [z]
    for _ in range(steps):
        z = z + dt * f(z)
        out.append(z)
    return torch.stack(out, 1)


train, test = simulate(600), simulate(200)
field = Field()
opt = torch.optim.Adam(field.parameters(), lr=3e-3)
for it in range(700):
    b = torch.randint(0, 600, (32,))
    loss = (rollout(field, train[b, 0]) - train[b]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0:
        print(it, f"{loss.item():.4g}")
with torch.no_grad():
    print(f"test trajectory mse {(rollout(field, test[:, 0]) - test).pow(2).mean().item():.5g}")
