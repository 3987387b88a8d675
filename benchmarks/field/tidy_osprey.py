import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(33)
n, d, k = 6000, 16, 6
teacher = nn.Sequential(nn.Linear(d, 40), nn.Tanh(), nn.Linear(40, k))
with torch.no_grad():
    for p in teacher.parameters():
        p.mul_(2.5)
    X = torch.randn(n, d)
    logits = teacher(X)
    Y = (logits - logits.mean(0)).argmax(1)
Xtr, Ytr, Xte, Yte = X[:5000], Y[:5000], X[5000:], Y[5000:]


class SteepTanh(nn.Module):
    def __init__(self, beta):
        super().__init__()
        self.beta = beta

    def forward(self, z):
        return torch.tanh(self.beta * z)


net = nn.Sequential(
    nn.Linear(d, 64), SteepTanh(40.0),
    nn.Linear(64, 64), SteepTanh(40.0),
    nn.Linear(64, k),
)
opt = torch.optim.Adagrad(net.parameters(), lr=0.02)
for epoch in range(25):
    for i in torch.randperm(len(Xtr)).split(100):
        loss = F.cross_entropy(net(Xtr[i]), Ytr[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        print("epoch", epoch, "loss", f"{loss.item():.4f}")
with torch.no_grad():
    a, b = F.cross_entropy(net(Xtr), Ytr), F.cross_entropy(net(Xte), Yte)
    acc = (net(Xte).argmax(1) == Yte).float().mean()
print(f"final: train {a:.4f} test {b:.4f} acc {acc:.4f}")
