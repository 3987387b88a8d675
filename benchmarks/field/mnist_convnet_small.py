import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(3)
img = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
lab = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
x = torch.tensor(img.reshape(-1, 1, 28, 28).astype('float32') / 255. - 0.13) / 0.31
x = nn.functional.avg_pool2d(x, 2)
y = torch.tensor(lab.astype('int64'))
xtr, ytr, xte, yte = x[:8000], y[:8000], x[8000:], y[8000:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 3, padding=1)
        self.c2 = nn.Conv2d(8, 16, 3, padding=1)
        self.fc = nn.Linear(16 * 9, 64)
        self.out = nn.Linear(64, 10)
        nn.init.normal_(self.out.weight, std=1.5)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.c1(x)), 2)
        x = nn.functional.max_pool2d(torch.relu(self.c2(x)), 2)
        return self.out(torch.relu(self.fc(x.flatten(1))))


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
crit = nn.CrossEntropyLoss()
for it in range(500):
    i = torch.randint(0, 8000, (32,))
    opt.zero_grad()
    loss = crit(net(xtr[i]), ytr[i])
    loss.backward()
    opt.step()
    if it % 50 == 0:
        print(f'iter {it} loss {loss.item():.4f}')
with torch.no_grad():
    o = net(xte)
    print(f'test loss {crit(o, yte).item():.4f} acc {(o.argmax(1) == yte).float().mean().item():.4f}')
