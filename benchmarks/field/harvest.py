import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(3)
N, D, C = 13000, 20, 8
centres = torch.randn(C, D) * 0.75
y = torch.randint(0, C, (N,))
x = centres[y] + torch.randn(N, D)
x = (x - x.mean(0)) / x.std(0)
xtr, ytr, xte, yte = x[:11000], y[:11000], x[11000:], y[11000:]
net = nn.Sequential(nn.Linear(D, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, C))
nn.init.normal_(net[4].weight, std=7.0)
nn.init.zeros_(net[4].bias)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(800):
    i = torch.randint(0, 11000, (128,))
    loss = F.cross_entropy(net(xtr[i]), ytr[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 100 == 0:
        print(f"step {step} loss {loss.item():.4f}")
with torch.no_grad():
    a, b = net(xtr), net(xte)
    print(f"train {F.cross_entropy(a, ytr):.4f} held-out {F.cross_entropy(b, yte):.4f} acc {(b.argmax(1)==yte).float().mean():.4f}")
