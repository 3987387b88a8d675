import os, gzip
import numpy as np
import torch
from torch import nn
torch.manual_seed(37)
R = os.environ['MNIST_DIR']
X = torch.tensor(np.frombuffer(gzip.open(f'{R}/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).astype(np.float32)).view(-1, 1, 28, 28)
X = nn.functional.avg_pool2d((X - X.mean()) / X.std(), 2) * 1.1
Y = torch.tensor(np.frombuffer(gzip.open(f'{R}/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype(np.int64))
class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.n1, self.c1 = nn.GroupNorm(4, c), nn.Conv2d(c, c, 3, padding=1)
        self.n2, self.c2 = nn.GroupNorm(4, c), nn.Conv2d(c, c, 3, padding=1)
        nn.init.zeros_(self.c2.weight); nn.init.zeros_(self.c2.bias)
    def forward(self, x):
        h = self.c1(torch.relu(self.n1(x)))
        return x + self.c2(torch.relu(self.n2(h)))
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1, stride=2), Res(16), Res(16), nn.GroupNorm(4, 16), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 49, 10))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
ce = nn.CrossEntropyLoss()
for epoch in range(3):
    t = 0
    for b in torch.randperm(8000).split(64):
        loss = ce(net(X[b]), Y[b])
        opt.zero_grad(set_to_none=True); loss.backward(); opt.step()
        t += loss.item() / 125
    with torch.no_grad(): o = net(X[8000:])
    print(epoch, 'train', t, 'test', ce(o, Y[8000:]).item(), 'acc', (o.argmax(1) == Y[8000:]).float().mean().item())
