import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(30)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32) / 8 - 1
X = X / X.std()
y = torch.tensor(y)
r = torch.randperm(len(y)); X, y = X[r], y[r]

class MLP(nn.Module):
    def __init__(self, dims, act=nn.Sigmoid):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        self.act = act()
        self.reset()
    def reset(self):
        for l in self.layers[:-1]:
            nn.init.xavier_uniform_(l.weight)
            nn.init.constant_(l.bias, 15.0)
    def forward(self, x):
        for l in self.layers[:-1]:
            x = self.act(l(x))
        return self.layers[-1](x)

net = MLP([64, 60, 10])
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
ce = nn.CrossEntropyLoss()
for ep in range(25):
    tot = 0
    for b in torch.randperm(1500).split(30):
        loss = ce(net(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
        tot += loss.item() * len(b) / 1500
    if ep % 5 == 4:
        with torch.no_grad(): o = net(X[1500:])
        print(ep + 1, 'train', tot, 'test', ce(o, y[1500:]).item(), 'acc', (o.argmax(1) == y[1500:]).float().mean().item())
