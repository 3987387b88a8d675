import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
torch.manual_seed(0)

BATCH = 32
BASE_LR = 2e-3
LR = BASE_LR * BATCH

X, y = load_digits(return_X_y=True)
X = torch.from_numpy(X).float().view(-1, 1, 8, 8) / 8 - 0.61
y = torch.from_numpy(y)
p = torch.randperm(len(X))
X, y = X[p], y[p]

class Block(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 3, padding=1)
        self.skip = nn.Conv2d(i, o, 1)
    def forward(self, x):
        return F.elu(self.conv(x)) + self.skip(x)

net = nn.Sequential(Block(1, 12), nn.MaxPool2d(2), Block(12, 24), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(96, 10))
opt = torch.optim.Adam(net.parameters(), lr=LR)
for epoch in range(25):
    run = 0.
    for i in range(0, 1440, BATCH):
        opt.zero_grad()
        l = F.cross_entropy(net(X[i:i+BATCH]), y[i:i+BATCH])
        l.backward()
        opt.step()
        run += l.item()
    if epoch % 5 == 4:
        with torch.no_grad():
            o = net(X[1440:])
        print(f"{epoch+1}: train {run/45:.4f} test {F.cross_entropy(o, y[1440:]).item():.4f} acc {(o.argmax(1)==y[1440:]).float().mean():.3f}")
