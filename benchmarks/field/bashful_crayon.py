import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(64)
N = 6000
X = torch.randn(N, 2) * 1.2
ang = torch.atan2(X[:, 1], X[:, 0])
Y = ((ang * 1.5 / 3.1416 + X.norm(dim=1)).floor() % 3).long()
Xtr, Ytr, Xva, Yva = X[:5000], Y[:5000], X[5000:], Y[5000:]
net = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.05)
batch_size = 5000
for epoch in range(200):
    for b in torch.randperm(5000).split(batch_size):
        loss = F.cross_entropy(net(Xtr[b]), Ytr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 20 == 19:
        with torch.no_grad():
            o = net(Xva)
        print(f"epoch {epoch + 1} loss {loss.item():.4f} val {F.cross_entropy(o, Yva).item():.4f} acc {(o.argmax(1) == Yva).float().mean().item():.4f}")
