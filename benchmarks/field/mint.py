import math, torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(12)
r = torch.rand(2000).sqrt() * 3; a = torch.rand(2000) * 2 * math.pi
X = torch.stack([r * a.cos(), r * a.sin()], 1) / 1.5; Y = ((r * 1.0).floor() % 2)
net = nn.Sequential(nn.Linear(2, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
sch = torch.optim.lr_scheduler.CyclicLR(opt, 0.005, 0.1, step_size_up=200)
f = nn.BCEWithLogitsLoss()
for it in range(3200):
    k = torch.randint(0, 1600, (64,))
    l = f(net(X[k])[:, 0], Y[k]); opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if it % 400 == 0: print(it, l.item())
with torch.no_grad():
    o = net(X[1600:])[:, 0]
    print("train", f(net(X[:1600])[:, 0], Y[:1600]).item(), "test", f(o, Y[1600:]).item(), "acc", ((o > 0).float() == Y[1600:]).float().mean().item())
