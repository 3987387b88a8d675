import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(2)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(d.target)
q = torch.randperm(len(X)); X, y = X[q], y[q]

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 12), nn.ReLU())
        self.head = nn.Linear(12, 10)
    def forward(self, x):
        return self.head(self.body(x))

m = Model()
opt = torch.optim.SGD([
    {"params": m.body.parameters(), "lr": 1e-6},
    {"params": m.head.parameters(), "lr": 0.05},
], momentum=0.9)
for ep in range(15):
    for i in range(0, 1400, 40):
        loss = nn.functional.cross_entropy(m(X[i:i + 40]), y[i:i + 40])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if ep % 3 == 0:
        print(ep, loss.item())
with torch.no_grad():
    o = m(X[1400:])
    print("train %.4f test %.4f acc %.4f" % (nn.functional.cross_entropy(m(X[:1400]), y[:1400]), nn.functional.cross_entropy(o, y[1400:]), (o.argmax(1) == y[1400:]).float().mean()))
