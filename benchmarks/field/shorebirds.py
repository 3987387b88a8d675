import numpy as np, torch
from torch import nn
from sklearn.datasets import load_digits
torch.manual_seed(0)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32)[:, None] / 16
X = (X - X.mean()) / X.std()
y = torch.tensor(d.target)
perm = torch.from_numpy(np.random.RandomState(0).permutation(len(y)))
tr, te = perm[:1400], perm[1400:]

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.out = nn.Linear(32 * 4, 10)
        nn.init.normal_(self.out.weight, std=1.5)
    def forward(self, x):
        x = self.pool(torch.relu(self.c1(x)))
        x = self.pool(torch.relu(self.c2(x)))
        return self.out(x.flatten(1))

net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
crit = nn.CrossEntropyLoss()
step = 0
for epoch in range(14):
    order = tr[torch.randperm(len(tr))]
    for k in range(0, len(order), 32):
        b = order[k:k + 32]
        loss = crit(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 60 == 0:
            print('step', step, 'loss', f'{loss.item():.4f}')
        step += 1
net.eval()
with torch.no_grad():
    lt, lv = crit(net(X[tr]), y[tr]).item(), crit(net(X[te]), y[te]).item()
    acc = (net(X[te]).argmax(1) == y[te]).float().mean().item()
print(f'final train loss {lt:.4f} held-out loss {lv:.4f} held-out acc {acc:.4f}')
