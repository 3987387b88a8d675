import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(53)

N = 5000
temp = torch.randn(N) * 12 + 290          # kelvin
pressure = torch.randn(N) * 2e3 + 101325  # pascal
flow = torch.rand(N) * 4e-3               # m3/s
angle = (torch.rand(N) - 0.5) * 3         # rad
level = torch.rand(N) * 2
X = torch.stack([temp, pressure, flow, angle, level], 1)
z = (X - X.mean(0)) / X.std(0)
target = torch.sin(1.5 * z[:, 3]) + z[:, 0] * z[:, 2] * 0.6 + 0.5 * z[:, 1].tanh() - 0.4 * z[:, 4] + 0.05 * torch.randn(N)
inputs = X


class Surrogate(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.a = nn.Linear(5, hidden)
        self.b = nn.Linear(hidden, hidden)
        self.c = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.c(torch.relu(self.b(torch.relu(self.a(x))))).squeeze(-1)


model = Surrogate()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=2500)
for k in range(1, 2501):
    b = torch.randint(0, 4000, (64,))
    loss = nn.functional.mse_loss(model(inputs[b]), target[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if k % 250 == 0:
        with torch.no_grad():
            print(f'{k:5d}  batch {loss.item():.4f}  test {nn.functional.mse_loss(model(inputs[4000:]), target[4000:]).item():.4f}')
