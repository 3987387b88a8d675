import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(8)
raw = gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read()
x = torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 1, 28, 28).copy()).float() / 255
x = F.avg_pool2d(x, 2).flatten(1)
train, test = x[:9000], x[9000:]


class AE(nn.Module):
    def __init__(self, sizes=(196, 128, 64, 16)):
        super().__init__()
        self.enc = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        r = sizes[::-1]
        self.dec = nn.ModuleList(nn.Linear(a, b) for a, b in zip(r, r[1:]))
        for m in list(self.enc) + list(self.dec):
            nn.init.xavier_uniform_(m.weight, gain=0.15)
            nn.init.zeros_(m.bias)

    def forward(self, h):
        for m in self.enc[:-1]:
            h = F.elu(m(h))
        h = self.enc[-1](h)
        for m in self.dec[:-1]:
            h = F.elu(m(h))
        return self.dec[-1](h)


ae = AE()
opt = torch.optim.SGD(ae.parameters(), lr=0.2, momentum=0.9)
for step in range(1200):
    b = train[torch.randint(0, len(train), (64,))]
    rec = ae(b)
    loss = F.mse_loss(rec, b)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, 'mse', round(loss.item(), 5))
with torch.no_grad():
    print('test mse', round(F.mse_loss(ae(test), test).item(), 5))
