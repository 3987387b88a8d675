import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(106)


class Branch(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(d, d), nn.Linear(d, d)
        nn.init.kaiming_normal_(self.fc1.weight)
        nn.init.zeros_(self.fc2.weight)
        nn.init.zeros_(self.fc2.bias)

    def forward(self, x):
        return x + self.fc2(F.relu(self.fc1(x)))


net = nn.Sequential(nn.Linear(64, 48), *[Branch(48) for _ in range(8)], nn.Linear(48, 10))
dig = load_digits()
X, Y = torch.tensor(dig.data, dtype=torch.float32) / 8 - 1, torch.tensor(dig.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
EPOCHS = 20
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, nesterov=True, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, EPOCHS)
for e in range(EPOCHS):
    for b in torch.randperm(1400).split(40):
        x = X[b] + 0.15 * torch.randn(len(b), 64)
        loss = F.cross_entropy(net(x), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    with torch.no_grad():
        o = net(X[1400:])
    if e % 2:
        print(e + 1, f"train {loss.item():.4f} val {F.cross_entropy(o, Y[1400:]).item():.4f} acc {(o.argmax(1) == Y[1400:]).float().mean().item():.4f}")
