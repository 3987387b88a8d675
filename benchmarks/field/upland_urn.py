import torch
import torch.nn as nn


class Standardise(nn.Module):
    """scale each column by the mean and spread of the batch at hand"""

    def forward(self, x):
        return (x - x.mean(0)) / x.std(0)


def readings(n, g):
    temp = 20 + 5 * torch.randn(n, generator=g)
    press = 1000 + 12 * torch.randn(n, generator=g)
    flow = torch.rand(n, generator=g) * 9
    alarm = (torch.rand(n, generator=g) < 0.12).float()  # seldom on
    y = 0.3 * (temp - 20) + 0.02 * (press - 1000) * flow / 4 + torch.sin(flow) + 3 * alarm
    return torch.stack([temp, press, flow, alarm], 1), y


g = torch.Generator().manual_seed(12)
torch.manual_seed(12)
x, y = readings(4000, g)
xt, yt = readings(1000, g)
net = nn.Sequential(Standardise(), nn.Linear(4, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
for ep in range(25):
    total = 0.0
    for b in torch.randperm(4000, generator=g).split(64):
        loss = (net(x[b]).squeeze(1) - y[b]).square().mean()
        opt.zero_grad(); loss.backward(); opt.step()
        total += loss.item() * len(b)
    if ep % 4 == 0:
        with torch.no_grad():
            print("epoch", ep, "train", total / 4000, "test mse", (net(xt).squeeze(1) - yt).square().mean().item())
