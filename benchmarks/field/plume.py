import torch
import torch.nn as nn
torch.manual_seed(4)

def plume(p):
    x, y, s = p[:, 0], p[:, 1], p[:, 2]
    return torch.exp(-(x - 0.5 * s) ** 2) * torch.cos(2 * y) + 0.3 * x * s

P = torch.randn(4000, 3)
Z = plume(P).unsqueeze(1)
net = nn.Sequential(nn.Linear(3, 80), nn.Tanh(), nn.Linear(80, 80), nn.Tanh(), nn.Linear(80, 1))
with torch.no_grad():
    net[0].weight.normal_(0, 6.0)
    net[2].weight.normal_(0, 2.0)
opt = torch.optim.NAdam(net.parameters(), lr=1e-3)
for step in range(2000):
    k = torch.randint(0, 3200, (100,))
    loss = nn.functional.huber_loss(net(P[k]), Z[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 250 == 0:
        print(step, f"{loss.item():.5f}")
with torch.no_grad():
    print("train", f"{nn.functional.huber_loss(net(P[:3200]), Z[:3200]).item():.5f}", "test", f"{nn.functional.huber_loss(net(P[3200:]), Z[3200:]).item():.5f}")
