import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(283)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = nn.functional.avg_pool2d(torch.tensor(x.reshape(-1, 1, 28, 28) / 255., dtype=torch.float32), 2).flatten(1)
y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype('int64'))
xt, yt = x[:1000], y[:1000].clone()
flip = torch.rand(1000) < 0.2
yt[flip] = torch.randint(0, 10, (int(flip.sum()),))
xv, yv = x[6000:8000], y[6000:8000]
drop = 0.0
net = nn.Sequential(nn.Linear(196, 200), nn.ReLU(), nn.Dropout(drop), nn.Linear(200, 200), nn.ReLU(), nn.Dropout(drop), nn.Linear(200, 10))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.0)
for epoch in range(40):
    net.train()
    total = 0.
    for b in torch.randperm(1000).split(50):
        loss = nn.functional.cross_entropy(net(xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 20
    net.eval()
    with torch.no_grad():
        o = net(xv)
        v, a = nn.functional.cross_entropy(o, yv).item(), (o.argmax(1) == yv).float().mean().item()
    if epoch % 5 == 4:
        print(f'epoch {epoch}: train {total:.4f} val {v:.4f} acc {a:.4f}')
