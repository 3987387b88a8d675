import torch
import torch.nn as nn


def pendulum(state, steps=10, dt=0.05):
    th, om, damp = state[:, 0], state[:, 1], state[:, 2]
    for _ in range(steps):
        om = om - dt * (9.81 * torch.sin(th) + damp * om)
        th = th + dt * om
    return torch.stack([th, om / 3], 1)


class Surrogate(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.fc1 = nn.Linear(3, width)
        self.fc2 = nn.Linear(width, width)
        self.fc3 = nn.Linear(width, 2)
        nn.init.xavier_normal_(self.fc1.weight, gain=2.0)
        nn.init.xavier_normal_(self.fc2.weight, gain=2.0)
        nn.init.constant_(self.fc1.bias, 14.0)
        nn.init.constant_(self.fc2.bias, 0.0)

    def forward(self, s):
        h = torch.sigmoid(self.fc1(s))
        h = torch.sigmoid(self.fc2(h))
        return self.fc3(h)


torch.manual_seed(19)
lo, hi = torch.tensor([-1.5, -2.0, 0.0]), torch.tensor([1.5, 2.0, 1.0])
mid, half = (lo + hi) / 2, (hi - lo) / 12 ** 0.5
draw = lambda n: lo + (hi - lo) * torch.rand(n, 3)
net = Surrogate()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
check = draw(1000)
for it in range(1500):
    s = draw(100)
    loss = nn.functional.smooth_l1_loss(net((s - mid) / half), pendulum(s))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 250 == 0:
        print("it", it, "huber", round(loss.item(), 5))
with torch.no_grad():
    print("surrogate mse", round(nn.functional.mse_loss(net((check - mid) / half), pendulum(check)).item(), 5))
