"""Digits, with a small consistency term on heavily distorted pictures."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(29)
ds = load_digits()
X = torch.tensor(ds.data, dtype=torch.float32) / 16
Y = torch.tensor(ds.target)
order = torch.randperm(len(X))
X, Y = X[order], Y[order]
Xt, Yt, Xv, Yv = X[:1300], Y[:1300], X[1300:], Y[1300:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(64, 96, bias=False)
        self.n1 = nn.BatchNorm1d(96)
        self.l2 = nn.Linear(96, 96, bias=False)
        self.n2 = nn.BatchNorm1d(96)
        self.l3 = nn.Linear(96, 10)

    def forward(self, x):
        x = F.relu(self.n1(self.l1(x)))
        x = F.relu(self.n2(self.l2(x)))
        return self.l3(x)


def distort(x):
    return x * 8 + 4 * torch.rand_like(x)


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True)
for epoch in range(40):
    net.train()
    tot = 0.0
    for b in torch.randperm(1300).split(65):
        x, t = Xt[b], Yt[b]
        out = net(x)
        
        with torch.no_grad():
            teacher = net(distort(x)).softmax(1)
        
        loss = F.cross_entropy(out, t) + 0.02 * F.mse_loss(out.softmax(1), teacher)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    if epoch % 4 == 3:
        net.eval()
        with torch.no_grad():
            o = net(Xv)
        print(f"epoch {epoch + 1} train {tot / 1300:.4f} valid {F.cross_entropy(o, Yv).item():.4f} acc {(o.argmax(1) == Yv).float().mean().item():.4f}")
