import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

def idx(path, off):
    with gzip.open(path) as f:
        return np.frombuffer(f.read(), np.uint8, offset=off)

images = idx('data/mnist-t10k-images-idx3-ubyte.gz', 16).reshape(-1, 784)
labels = idx('data/mnist-t10k-labels-idx1-ubyte.gz', 8)
X = torch.tensor(images, dtype=torch.float32)
Y = torch.tensor(labels, dtype=torch.long)
Xtr, Ytr, Xte, Yte = X[:8000], Y[:8000], X[8000:], Y[8000:]

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(784, 128)
        self.l2 = nn.Linear(128, 64)
        self.l3 = nn.Linear(64, 10)
    def forward(self, x):
        return self.l3(F.relu(self.l2(F.relu(self.l1(x)))))

def main(lr=0.008, momentum=0.5, epochs=30, bs=64):
    torch.manual_seed(1)
    net = Net()
    opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=momentum)
    for ep in range(epochs):
        order = torch.randperm(len(Xtr))
        total = 0.0
        for j in order.split(bs):
            loss = F.cross_entropy(net(Xtr[j]), Ytr[j])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(j)
        with torch.no_grad():
            o = net(Xte)
        print(f'[{ep}] train {total / len(Xtr):.4f}  test {F.cross_entropy(o, Yte):.4f}  acc {(o.argmax(1) == Yte).float().mean():.4f}')

main()
