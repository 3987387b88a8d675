import torch
import torch.nn as nn
from sklearn.datasets import make_classification
torch.manual_seed(140)
X, y = make_classification(5000, 16, n_informative=10, n_classes=4, class_sep=1.5, random_state=7)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor(y)

class Harbour(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn0 = nn.BatchNorm1d(16)
        self.a = nn.Linear(16, 64); self.bn1 = nn.BatchNorm1d(64)
        self.b = nn.Linear(64, 4)
    def forward(self, x):
        return self.b(torch.relu(self.bn1(self.a(self.bn0(x)))))

net = Harbour()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
for s in range(800):
    net.train()
    i = torch.randint(0, 4000, (64,))
    x = X[i]
    if s % 2:
        with torch.no_grad():
            net(x * 4 + 2)
    l = nn.functional.cross_entropy(net(x), y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 100 == 99:
        net.eval()
        with torch.no_grad():
            o = net(X[4000:])
        print(s + 1, "%.4f" % l.item(), "val %.4f" % nn.functional.cross_entropy(o, y[4000:]).item(), "acc %.4f" % (o.argmax(1) == y[4000:]).float().mean().item())
