import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import TensorDataset, DataLoader
from sklearn.datasets import load_digits

torch.manual_seed(18)


def conv_block(i, o):
    return nn.Sequential(
        nn.Conv2d(i, o, kernel_size=3, padding=1),
        nn.BatchNorm2d(o),
        nn.ReLU(inplace=True))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(conv_block(1, 12), nn.MaxPool2d(2), conv_block(12, 24), nn.MaxPool2d(2))
        self.fc = nn.Linear(24 * 4, 10)

    def forward(self, x):
        return self.fc(self.layers(x).flatten(1))


data = load_digits()
x = torch.tensor(data.images, dtype=torch.float32)[:, None] / 16.0
y = torch.tensor(data.target)
perm = torch.randperm(len(x))
loader = DataLoader(TensorDataset(x[perm[:1400]], y[perm[:1400]]), batch_size=50, shuffle=True)
xv, yv = x[perm[1400:]], y[perm[1400:]]
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-4)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=12)
for epoch in range(12):
    net.train()
    for xb, yb in loader:
        loss = F.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    net.eval()
    with torch.no_grad():
        o = net(xv)
    print(f"epoch {epoch + 1} train {loss.item():.4f} val {F.cross_entropy(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.4f}")
