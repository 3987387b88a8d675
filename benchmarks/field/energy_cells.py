import torch, math
from torch import nn
torch.manual_seed(15)
q = torch.rand(4000, 4) * 2 - 1
e = torch.sin(2 * q[:, 0]) * q[:, 1] + torch.exp(-q[:, 2] ** 2) - q[:, 3] * q[:, 0]
e = ((e - e.mean()) / e.std()).unsqueeze(1)
q = q / q.std(0)

def make(depth=6, width=64, gain=3.0):
    mods, d = [], 4
    for _ in range(depth):
        lin = nn.Linear(d, width)
        nn.init.orthogonal_(lin.weight, gain=gain)
        nn.init.zeros_(lin.bias)
        mods += [lin, nn.GELU()]
        d = width
    mods.append(nn.Linear(d, 1))
    return nn.Sequential(*mods)

f = make()
opt = torch.optim.Adam(f.parameters(), lr=1e-3)
for step in range(700):
    i = torch.randint(0, 3200, (64,))
    loss = (f(q[i]) - e[i]).abs().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 70 == 0:
        print(step, loss.item())
with torch.no_grad():
    print("train", (f(q[:3200]) - e[:3200]).abs().mean().item(), "test", (f(q[3200:]) - e[3200:]).abs().mean().item())
