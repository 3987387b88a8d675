import os, gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(8)
root = os.environ["MNIST_DIR"]
with gzip.open(f"{root}/mnist-t10k-images-idx3-ubyte.gz") as f:
    images = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 784)
with gzip.open(f"{root}/mnist-t10k-labels-idx1-ubyte.gz") as f:
    labels = np.frombuffer(f.read(), np.uint8, offset=8)
X = torch.tensor((images / 255.0 - 0.13) / 0.31, dtype=torch.float32)
Y = torch.tensor(labels, dtype=torch.long)
perm = torch.randperm(len(X))
tr, te = perm[:8000], perm[8000:]

net = nn.Sequential()
net.add_module("a", nn.Linear(784, 24))
net.add_module("ra", nn.ReLU())
net.add_module("b", nn.Linear(24, 24))
net.add_module("rb", nn.ReLU())
net.add_module("c", nn.Linear(24, 10))

base = 1e-3
decay = 0.01
groups = [
    {"params": net.a.parameters(), "lr": base * decay ** 2},
    {"params": net.b.parameters(), "lr": base * decay},
    {"params": net.c.parameters(), "lr": base},
]
opt = torch.optim.AdamW(groups, weight_decay=1e-3)
crit = nn.CrossEntropyLoss()

for epoch in range(10):
    order = tr[torch.randperm(len(tr))]
    run = 0.0
    for i in range(0, len(order), 64):
        j = order[i:i + 64]
        loss = crit(net(X[j]), Y[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        run += loss.item()
    with torch.no_grad():
        out = net(X[te])
        print(f"epoch {epoch}: train {run / (len(order) // 64):.4f} test {crit(out, Y[te]).item():.4f} acc {(out.argmax(1) == Y[te]).float().mean().item():.4f}")
