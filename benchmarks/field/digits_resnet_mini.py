import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(139)
d = load_digits()
x = torch.tensor(d.images / 16., dtype=torch.float32).unsqueeze(1)
y = torch.tensor(d.target)
p = torch.randperm(len(y))
x, y = x[p], y[p]
B = 3


class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
                               nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c))

    def forward(self, h):
        return torch.relu(h + self.f(h))


net = nn.Sequential(nn.Conv2d(1, 12, 3, stride=2, padding=1), Res(12), nn.MaxPool2d(2), Res(12), nn.Flatten(),
                    nn.Linear(48, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
for step in range(1000):
    b = torch.randint(0, 1400, (B,))
    loss = nn.functional.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print('step', step, 'loss', round(loss.item(), 4))
net.eval()
with torch.no_grad():
    o = net(x[1400:])
print('test loss', round(nn.functional.cross_entropy(o, y[1400:]).item(), 4), 'acc', round((o.argmax(1) == y[1400:]).float().mean().item(), 4))
