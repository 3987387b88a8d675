import torch
from torch import nn
torch.manual_seed(19)
N = 2500
P = torch.randn(N, 5)
yaw = torch.sin(P[:, 0]) + 0.5 * P[:, 1] * P[:, 2]
target = (yaw - yaw.mean()) / yaw.std()

class Compass(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(5, 48)
        self.b = nn.Linear(48, 48)
        self.c = nn.Linear(48, 1)
    def forward(self, x):
        return self.c(nn.functional.silu(self.b(nn.functional.silu(self.a(x)))))

net = Compass()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(900):
    i = torch.randint(0, 2000, (64,))
    out = net(P[i])
    loss = nn.functional.mse_loss(out, target[i], reduction="none").mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, loss.item())
with torch.no_grad():
    r = net(P[2000:]).squeeze(1)
    print("held-out mse", ((r - target[2000:]) ** 2).mean().item())
