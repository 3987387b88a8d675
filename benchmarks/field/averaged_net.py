import copy
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import make_classification

torch.manual_seed(27)
X, y = make_classification(4000, 20, n_informative=10, n_classes=5, class_sep=1.3, random_state=27)
X = torch.tensor(X).float()
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(y)
Xt, yt, Xv, yv = X[:3000], y[:3000], X[3000:], y[3000:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f1, self.f2, self.f3 = nn.Linear(20, 64, bias=False), nn.Linear(64, 64, bias=False), nn.Linear(64, 5)
        self.n1, self.n2 = nn.BatchNorm1d(64), nn.BatchNorm1d(64)

    def forward(self, x):
        x = F.relu(self.n1(self.f1(x)))
        x = F.relu(self.n2(self.f2(x)))
        return self.f3(x)


class Averager:
    def __init__(self, model, decay=0.99):
        self.shadow = copy.deepcopy(model).eval()
        self.decay = decay

    @torch.no_grad()
    def update(self, model):
        for s, p in zip(self.shadow.parameters(), model.parameters()):
            s.mul_(self.decay).add_(p, alpha=1 - self.decay)
        


net = Net()
avg = Averager(net)
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
for epoch in range(30):
    net.train()
    tot = 0
    for b in torch.randperm(3000).split(60):
        loss = F.cross_entropy(net(Xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        avg.update(net)
        tot += loss.item()
    if epoch % 3 == 2:
        with torch.no_grad():
            o = avg.shadow(Xv)
        print(f'epoch {epoch + 1} loss {tot / 50:.4f} val loss {F.cross_entropy(o, yv).item():.4f} val acc {(o.argmax(1) == yv).float().mean().item():.3f}')
