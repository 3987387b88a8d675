import gzip, numpy as np
import torch, torch.nn as nn, torch.nn.functional as F

torch.manual_seed(1)
X = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
Y = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
X = (torch.tensor(X.copy()).float() / 255 - 0.13) / 0.31
Y = torch.tensor(Y.copy()).long()

class ConvNet(nn.Module):
    def __init__(self):
        super(ConvNet, self).__init__()
        self.conv1 = nn.Conv2d(1, 8, 5, stride=2)
        self.conv2 = nn.Conv2d(8, 16, 3, stride=2)
        self.fc1 = nn.Linear(16 * 25, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = x.view(x.size(0), -1)
        return self.fc2(F.relu(self.fc1(x)))

net = ConvNet()
optimizer = torch.optim.Adam(net.parameters(), lr=0.03)
for i in range(600):
    idx = torch.randint(0, 8500, (48,))
    loss = F.cross_entropy(net(X[idx]), Y[idx])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if i % 60 == 0:
        print('[%4d] loss: %.4f' % (i, loss.item()))
with torch.no_grad():
    out = net(X[8500:])
    print('test loss %.4f acc %.4f' % (F.cross_entropy(out, Y[8500:]).item(), (out.argmax(1) == Y[8500:]).float().mean().item()))
