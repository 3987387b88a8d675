import torch
from torch import nn

torch.manual_seed(35)
N, D = 8000, 30
x = torch.randn(N, D)
w = torch.randn(D, 3)
clean = torch.tanh(x @ w / 5).sum(1)
y = clean + 1.5 * torch.randn(N)
y_scale = y.std()
clean, y = clean / y_scale, y / y_scale

net = nn.Sequential(nn.Linear(D, 64), nn.Tanh(), nn.Linear(64, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.012)
BATCH = 1
tracked = 0.0
for step in range(6000):
    k = torch.randint(0, 7000, (BATCH,))
    loss = ((net(x[k]).squeeze(1) - y[k]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    tracked = 0.99 * tracked + 0.01 * loss.item()
    if step % 1000 == 999:
        print(step + 1, round(tracked, 4))
with torch.no_grad():
    p = net(x[7000:]).squeeze(1)
    print("error against noise-free truth", round(((p - clean[7000:]) ** 2).mean().item(), 4))
