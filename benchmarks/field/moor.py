import torch, torch.nn as nn, math
torch.manual_seed(0)
def spirals(n):
    y = torch.randint(0, 2, (n,))
    t = torch.sqrt(torch.rand(n)) * 2.2 * math.pi
    x = torch.stack([t * torch.cos(t + math.pi * y), t * torch.sin(t + math.pi * y)], 1) / 4
    return x + 0.05 * torch.randn(n, 2), y
x, y = spirals(4000)
xv, yv = spirals(1000)
net = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
opt = torch.optim.Adam(net.parameters(), lr=1e-5)
ce = nn.CrossEntropyLoss()
for step in range(1500):
    b = torch.randint(0, 4000, (128,))
    opt.zero_grad()
    l = ce(net(x[b]), y[b])
    l.backward(); opt.step()
    if step % 150 == 0: print(step, f'loss={l.item():.4f}')
with torch.no_grad():
    print(f'train={ce(net(x), y):.4f} held-out={ce(net(xv), yv):.4f} acc={(net(xv).argmax(1) == yv).float().mean():.4f}')
