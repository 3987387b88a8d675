import copy, torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(10)
C = torch.randn(8, 16) * 1.1; Y = torch.randint(0, 8, (4000,)); X = C[Y] + torch.randn(4000, 16)
net = nn.Sequential(nn.Linear(16, 64), nn.RMSNorm(64), nn.SiLU(), nn.Linear(64, 64), nn.RMSNorm(64), nn.SiLU(), nn.Linear(64, 8))
ema = copy.deepcopy(net)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=1e-3)
for it in range(800):
    k = torch.randint(0, 3200, (64,))
    l = nn.functional.cross_entropy(net(X[k]), Y[k])
    opt.zero_grad(); l.backward(); opt.step()
    with torch.no_grad():
        for a, b in zip(ema.parameters(), net.parameters()): a.lerp_(b, 0.02)
    if it % 160 == 0: print(it, l.item())
with torch.no_grad():
    o = ema(X[3200:])
    print("train", nn.functional.cross_entropy(ema(X[:3200]), Y[:3200]).item(), "test", nn.functional.cross_entropy(o, Y[3200:]).item(), "acc", (o.argmax(1) == Y[3200:]).float().mean().item())
