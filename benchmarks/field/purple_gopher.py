import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(58)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32)[:, None]
y = torch.tensor(d.target)
p = torch.randperm(len(x))
x, y = x[p] / 16, y[p]
MOM = 1e-4


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.n1 = nn.BatchNorm2d(16, momentum=MOM)
        self.c2 = nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False)
        self.n2 = nn.BatchNorm2d(32, momentum=MOM)
        self.c3 = nn.Conv2d(32, 32, 3, stride=2, padding=1, bias=False)
        self.n3 = nn.BatchNorm2d(32, momentum=MOM)
        self.fc = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.n1(self.c1(x)))
        x = F.relu(self.n2(self.c2(x)))
        x = F.relu(self.n3(self.c3(x)))
        return self.fc(x.flatten(1))


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(8):
    net.train()
    tot = 0
    for b in torch.randperm(1400).split(40):
        loss = F.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 35
    net.eval()
    with torch.no_grad():
        o = net(x[1400:])
    print(f"epoch {epoch + 1} train {tot:.4f} val {F.cross_entropy(o, y[1400:]).item():.4f} acc {(o.argmax(1) == y[1400:]).float().mean().item():.4f}")
