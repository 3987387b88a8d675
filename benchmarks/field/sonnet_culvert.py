import math
import torch
import torch.nn as nn

torch.manual_seed(16)
K = 4
u = torch.rand(3000, 1) * 2 - 1
x = u + 0.3 * torch.sin(2 * math.pi * u) + 0.05 * torch.randn_like(u)
# the inverse problem: several u for one x
net = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 3 * K))
opt = torch.optim.Adam(net.parameters(), lr=3e-3, maximize=True)


def objective(a, b):
    w, m, s = net(a).chunk(3, 1)
    comp = -0.5 * ((b - m) / s.exp()) ** 2 - s - 0.5 * math.log(2 * math.pi)
    return -torch.logsumexp(torch.log_softmax(w, 1) + comp, 1).mean()


for step in range(1500):
    i = torch.randint(0, 2500, (100,))
    loss = objective(x[i], u[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, "nll", loss.item())
with torch.no_grad():
    print("test nll", objective(x[2500:], u[2500:]).item())
