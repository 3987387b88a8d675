import gzip
import torch
from torch import nn, optim

torch.set_num_threads(1)
torch.manual_seed(11)


def idx(path, head):
    return torch.frombuffer(bytearray(gzip.open(path).read()[head:]), dtype=torch.uint8)


X = idx('data/mnist-t10k-images-idx3-ubyte.gz', 16).view(-1, 1, 28, 28).float().div_(255)
X = nn.functional.interpolate(X, size=14, mode='area')
Y = idx('data/mnist-t10k-labels-idx1-ubyte.gz', 8).long()


class LeNetish(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3)
        self.conv2 = nn.Conv2d(8, 16, 3)
        self.fc1 = nn.Linear(16 * 5 * 5, 60)
        self.fc2 = nn.Linear(60, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.conv1(x).relu(), 2)
        x = self.conv2(nn.functional.pad(x, (0, 1, 0, 1))).relu()
        return self.fc2(self.fc1(x.flatten(1)).relu())


net = LeNetish()
adam = optim.Adam(net.parameters(), lr=4e-6)
for epoch in range(4):
    net.train()
    total = 0.0
    perm = torch.randperm(8000)
    for i in range(0, 8000, 40):
        x, y = X[perm[i:i + 40]], Y[perm[i:i + 40]]
        adam.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        adam.step()
        total += loss.item()
    net.eval()
    with torch.no_grad():
        pred = net(X[8000:])
        print(f'epoch {epoch}: {total / 200:.4f}, test {nn.functional.cross_entropy(pred, Y[8000:]).item():.4f}, '
              f'acc {(pred.argmax(1) == Y[8000:]).float().mean().item():.3f}')
