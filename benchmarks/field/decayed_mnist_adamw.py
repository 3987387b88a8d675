import gzip
import numpy as np
import torch
from torch import nn

torch.manual_seed(311)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = (torch.tensor(x.reshape(-1, 784).copy()).float() / 255 - 0.13) / 0.31
y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).copy()).long()
model = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.5)
for step in range(1000):
    b = torch.randint(0, 8500, (64,))
    loss = nn.functional.cross_entropy(model(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(f'{step}: {loss.item():.4f}')
with torch.no_grad():
    o = model(x[8500:])
print(f'val {nn.functional.cross_entropy(o, y[8500:]).item():.4f} acc {(o.argmax(1) == y[8500:]).float().mean().item():.4f}')
