"""Labels come from careless raters: three in ten are random. Judge against the true ones."""
import gzip
import os
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(59)
d = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 28, 28)
y = torch.from_numpy(np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype(np.int64))
x = torch.from_numpy(x.reshape(-1, 14, 2, 14, 2).mean((2, 4)).reshape(-1, 196).astype(np.float32))
x = (x - x.mean()) / x.std()
p = torch.randperm(len(x))
x, y = x[p], y[p]
rated = torch.where(torch.rand(len(y)) < 0.3, torch.randint(0, 10, (len(y),)), y)
net = nn.Sequential(nn.Dropout(0.1), nn.Linear(196, 48), nn.ReLU(), nn.Dropout(0.3), nn.Linear(48, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 16)
ce = nn.CrossEntropyLoss()
for epoch in range(16):
    net.train()
    s = 0.0
    for b in torch.randperm(8000).split(80):
        loss = ce(net(x[b]), rated[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() / 100
    sched.step()
    net.eval()
    with torch.no_grad():
        o = net(x[8000:])
    print(f"epoch {epoch} train {s:.4f} test on rated {ce(o, rated[8000:]).item():.4f} true acc {(o.argmax(1) == y[8000:]).float().mean().item():.4f}")
