import gzip, os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(61)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.bn2 = nn.BatchNorm2d(16)
        self.conv3 = nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.bn3 = nn.BatchNorm2d(32)
        self.fc = nn.Linear(32, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        x = F.relu(self.bn3(self.conv3(x)))
        return self.fc(x.mean((2, 3)))


r = os.environ['MNIST_DIR']
x = torch.tensor(np.frombuffer(gzip.open(r + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28).copy()).float()
x = (x / 255 - 0.1307) / 0.3081
y = torch.tensor(np.frombuffer(gzip.open(r + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).copy()).long()
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.1, total_steps=800)
net.train()
for step in range(800):
    b = torch.randint(0, 8500, (64,))
    loss = F.cross_entropy(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
net.eval()
with torch.no_grad():
    print('train loss', F.cross_entropy(net(x[:4000]), y[:4000]).item(), 'test acc', (net(x[8500:]).argmax(1) == y[8500:]).float().mean().item())
