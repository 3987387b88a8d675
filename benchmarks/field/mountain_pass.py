import torch
import torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(401)
d = load_digits()
X = torch.tensor((d.data - d.data.mean()) / d.data.std()).float(); Y = torch.tensor(d.target)
class Plain(nn.Module):
    def __init__(self, n=7, w=32):
        super().__init__()
        self.first = nn.Linear(64, w)
        self.mid = nn.ModuleList([nn.Linear(w, w) for _ in range(n)])
        self.last = nn.Linear(w, 10)
    def forward(self, x):
        h = nn.functional.softsign(self.first(x))
        for m in self.mid:
            h = nn.functional.softsign(m(h))
        return self.last(h)
net = Plain()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for e in range(10):
    for c in torch.randperm(1400).split(28):
        l = nn.functional.cross_entropy(net(X[c]), Y[c])
        opt.zero_grad(); l.backward(); opt.step()
    with torch.no_grad():
        o = net(X[1400:])
        print(e, "%.4f" % l.item(), "test %.4f acc %.4f" % (nn.functional.cross_entropy(o, Y[1400:]).item(), (o.argmax(1) == Y[1400:]).float().mean().item()))
