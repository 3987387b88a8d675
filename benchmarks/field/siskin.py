import os, gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(28)
def rd(n, o): return np.frombuffer(gzip.open(os.path.join(os.environ['MNIST_DIR'], n)).read(), np.uint8, offset=o).copy()
X = torch.tensor(rd('mnist-t10k-images-idx3-ubyte.gz', 16)).view(-1, 784).float() / 255
X = (X - 0.13) / 0.31
Y = torch.tensor(rd('mnist-t10k-labels-idx1-ubyte.gz', 8)).long()
xt, yt, xv, yv = X[:1000], Y[:1000].clone(), X[6000:], Y[6000:]
wrong = torch.rand(1000) < 0.3
yt[wrong] = torch.randint(0, 10, (int(wrong.sum()),))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(784, 256); self.l2 = nn.Linear(256, 128); self.l3 = nn.Linear(128, 10)
        self.drop = nn.Dropout(0.5)
    def forward(self, x):
        x = self.drop(F.relu(self.l1(x)))
        x = self.drop(F.relu(self.l2(x)))
        return self.l3(x)

def score(net):
    net.eval()
    with torch.no_grad():
        o = net(xv)
        return F.cross_entropy(o, yv).item(), (o.argmax(1) == yv).float().mean().item()

net = Net()
net.train()
opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-3)
for step in range(400):
    b = torch.randint(0, 1000, (50,))
    loss = F.cross_entropy(net(xt[b]), yt[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 40 == 39:
        print(step + 1, 'train', loss.item(), 'valid loss/acc', score(net))
