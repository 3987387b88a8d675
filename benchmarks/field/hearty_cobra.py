import gzip
import numpy as np
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(34)
X = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784) / 255.0).float()
Y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype(np.int64))
train_x, train_y, test_x, test_y = X[:8000], Y[:8000].clone(), X[8000:], Y[8000:]
crowd = torch.rand(8000) < 0.15          # annotators disagree on some of them
train_y[crowd] = torch.randint(0, 10, (int(crowd.sum()),))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f1, self.f2, self.f3 = nn.Linear(784, 100), nn.Linear(100, 60), nn.Linear(60, 10)
        self.d = nn.Dropout(0.3)

    def forward(self, x):
        return self.f3(self.d(torch.relu(self.f2(self.d(torch.relu(self.f1(x)))))))


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(7):
    net.train()
    tot = 0
    for b in torch.randperm(8000).split(80):
        loss = nn.functional.cross_entropy(net(train_x[b]), train_y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 100
    net.eval()
    with torch.no_grad():
        o = net(test_x)
    print(f'{epoch} train (crowd labels) {tot:.3f} test (expert labels) {nn.functional.cross_entropy(o, test_y).item():.3f} acc {(o.argmax(1) == test_y).float().mean().item():.3f}')
