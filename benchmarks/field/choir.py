import torch
from torch import nn
torch.manual_seed(220)
C, D = 4, 120
proto = torch.randn(C, D) * 0.25
def draw(n):
    y = torch.randint(0, C, (n,))
    return proto[y] + torch.randn(n, D), y
xt, yt = draw(160)
xv, yv = draw(800)
net = nn.Sequential(nn.Linear(D, 100), nn.ReLU(), nn.Linear(100, C))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
for ep in range(60):
    for c in torch.randperm(160).split(16):
        l = nn.functional.cross_entropy(net(xt[c]), yt[c])
        opt.zero_grad(); l.backward(); opt.step()
    if ep % 4 == 3:
        with torch.no_grad():
            o = net(xv)
            print(ep + 1, "train", round(nn.functional.cross_entropy(net(xt), yt).item(), 4), "valid", round(nn.functional.cross_entropy(o, yv).item(), 4), "acc", round((o.argmax(1) == yv).float().mean().item(), 4))
