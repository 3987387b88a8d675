import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(157)
raw = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = torch.tensor(raw.reshape(-1, 1, 28, 28) / 255., dtype=torch.float32)
x = nn.functional.avg_pool2d(x, 2).flatten(1)
train, test = x[:9000], x[9000:]


def expose(b):
    """random exposure of each batch"""
    return b * (2.5 + 2.0 * torch.rand(1))


enc = nn.Sequential(nn.Linear(196, 96, bias=False), nn.BatchNorm1d(96), nn.ReLU(), nn.Linear(96, 24, bias=False))
dec = nn.Sequential(nn.Linear(24, 96, bias=False), nn.BatchNorm1d(96), nn.ReLU(), nn.Linear(96, 196))
opt = torch.optim.Adam([*enc.parameters(), *dec.parameters()], lr=2e-3)
for it in range(700):
    b = train[torch.randint(0, 9000, (64,))]
    rec = dec(enc(expose(b)))
    loss = nn.functional.mse_loss(rec, b)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 70 == 0:
        print('it', it, 'mse', round(loss.item(), 5))
enc.eval()
dec.eval()
with torch.no_grad():
    print('test mse', round(nn.functional.mse_loss(dec(enc(test)), test).item(), 5))
