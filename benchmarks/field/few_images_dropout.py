import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(193)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = torch.tensor(x.reshape(-1, 1, 28, 28) / 255., dtype=torch.float32)
x = nn.functional.avg_pool2d(x, 2).flatten(1)
y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype('int64'))
xt, yt, xv, yv = x[:300], y[:300], x[5000:7000], y[5000:7000]
model = nn.Sequential(nn.Dropout(0.2), nn.Linear(196, 256), nn.ReLU(), nn.Dropout(0.6), nn.Linear(256, 256), nn.ReLU(), nn.Dropout(0.6), nn.Linear(256, 10))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)


def validate():
    model.eval()
    with torch.no_grad():
        o = model(xv)
        r = nn.functional.cross_entropy(o, yv).item(), (o.argmax(1) == yv).float().mean().item()
    return r


for epoch in range(100):
    total = 0
    for b in torch.randperm(300).split(20):
        loss = nn.functional.cross_entropy(model(xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    v = validate()
    if epoch % 10 == 9:
        print(f'epoch {epoch} train {total / 15:.4f} val {v[0]:.4f} acc {v[1]:.4f}')
