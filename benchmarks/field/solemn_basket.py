import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(29)
X, y = load_digits(return_X_y=True)
X = torch.tensor((X - X.mean()) / X.std(), dtype=torch.float32)
y = torch.tensor(y)
members = [torch.where(y[:1300] == c)[0] for c in range(10)]


class Embed(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(64, 64, bias=False)
        self.n1 = nn.BatchNorm1d(64)
        self.l2 = nn.Linear(64, 64, bias=False)
        self.n2 = nn.BatchNorm1d(64)
        self.l3 = nn.Linear(64, 8)

    def forward(self, x):
        x = torch.relu(self.n1(self.l1(x)))
        x = torch.relu(self.n2(self.l2(x)))
        return nn.functional.normalize(self.l3(x), dim=1)


def pick(c):
    return members[c][torch.randint(0, len(members[c]), (1,))]


net = Embed()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
trip = nn.TripletMarginLoss(margin=0.4)
hist = []
for step in range(2500):
    cs = torch.randint(0, 10, (3,)).tolist()
    ns = [(c + int(torch.randint(1, 10, (1,)))) % 10 for c in cs]
    a = net(X[torch.cat([pick(c) for c in cs])])
    p = net(X[torch.cat([pick(c) for c in cs])])
    q = net(X[torch.cat([pick(c) for c in ns])])
    loss = trip(a, p, q)
    opt.zero_grad()
    loss.backward()
    opt.step()
    hist.append(loss.item())
    if step % 300 == 299:
        print(step, sum(hist[-300:]) / 300)
net.eval()
with torch.no_grad():
    ref, q = net(X[:1300]), net(X[1300:])
    nn1 = torch.cdist(q, ref).argmin(1)
    print("1-nn accuracy", (y[nn1] == y[1300:]).float().mean().item())
