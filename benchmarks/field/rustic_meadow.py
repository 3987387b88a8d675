import os, gzip
import numpy as np
import torch
import torch.nn.functional as F

base = os.environ.get("MNIST_DIR", "data")
with gzip.open(base + "/mnist-t10k-images-idx3-ubyte.gz") as a, gzip.open(base + "/mnist-t10k-labels-idx1-ubyte.gz") as b:
    X = np.frombuffer(a.read()[16:], np.uint8).reshape(-1, 28, 28)
    T = np.frombuffer(b.read()[8:], np.uint8)
X = torch.tensor(X[:, 2:26:2, 2:26:2].reshape(-1, 144) / 255., dtype=torch.float32)
T = torch.tensor(T, dtype=torch.int64)
X = (X - X.mean()) / X.std()

torch.manual_seed(15)
w1 = (torch.randn(144, 80) * (2 / 144) ** 0.5).requires_grad_()
b1 = torch.zeros(80, requires_grad=True)
w2 = (torch.randn(80, 10) * (1 / 80) ** 0.5).requires_grad_()
b2 = torch.zeros(10, requires_grad=True)


def model(x):
    return F.relu(x @ w1 + b1) @ w2 + b2


wd = 1.5
opt = torch.optim.SGD([w1, b1, w2, b2], lr=0.05, momentum=0.9, weight_decay=wd)
for epoch in range(12):
    order = torch.randperm(8000)
    mean = 0
    for j in range(160):
        i = order[50 * j:50 * j + 50]
        loss = F.cross_entropy(model(X[i]), T[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        mean += loss.item() / 160
    if epoch % 2:
        with torch.no_grad():
            o = model(X[8000:])
            print("epoch", epoch, "loss %.4f" % mean, "test loss %.4f acc %.4f" % (F.cross_entropy(o, T[8000:]), (o.argmax(1) == T[8000:]).float().mean()))
