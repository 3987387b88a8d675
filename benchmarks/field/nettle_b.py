import math, torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(5)
n = 2000
lab = torch.randint(0, 3, (n,))
rad = 0.5 + 0.6 * lab + 0.12 * torch.randn(n)
ang = 2 * math.pi * torch.rand(n)
X = torch.stack([rad * ang.cos(), rad * ang.sin()], 1)
net = nn.Sequential(nn.Linear(2, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 3))
for m in net[:6]:
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, std=5.0)
opt = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(2500):
    i = torch.randint(0, 1500, (50,))
    loss = nn.functional.cross_entropy(net(X[i]), lab[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 500 == 0:
        print(step, loss.item())
with torch.no_grad():
    o = net(X[1500:])
    print(f"train {nn.functional.cross_entropy(net(X[:1500]), lab[:1500]):.4f} test {nn.functional.cross_entropy(o, lab[1500:]):.4f} acc {(o.argmax(1) == lab[1500:]).float().mean():.4f}")
