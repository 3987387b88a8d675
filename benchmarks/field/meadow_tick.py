import gzip
import os
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(90)
D = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(D + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784)
y = np.frombuffer(gzip.open(D + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x = torch.tensor((x.astype(np.float32) - 33.0) / 78.0)
y = torch.tensor(y.astype(np.int64))
pick = torch.randperm(10000)
train_ds = torch.utils.data.TensorDataset(x[pick[:8000]], y[pick[:8000]])
xv, yv = x[pick[8000:]], y[pick[8000:]]
net = nn.Sequential(nn.Linear(784, 96), nn.ReLU(), nn.Linear(96, 48), nn.ReLU(), nn.Linear(48, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.5)
crit = nn.CrossEntropyLoss()
ACC = 4

for epoch in range(7):
    loader = torch.utils.data.DataLoader(train_ds, batch_size=20, shuffle=True)
    opt.zero_grad()
    shown = 0.0
    for i, (a, b) in enumerate(loader):
        loss = crit(net(a), b) / ACC
        loss.backward()
        shown += loss.item()
        if (i + 1) % ACC == 0:
            opt.step()
            
    with torch.no_grad():
        o = net(xv)
    print(f"epoch {epoch} train {shown / (len(loader) / ACC):.4f} valid {crit(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.4f}")
