import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(60)


def load_mnist(count):
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), dtype=np.uint8, offset=8)
    pick = np.random.RandomState(0).permutation(len(x))[:count]
    return torch.tensor(x[pick] / 255.0, dtype=torch.float32), torch.tensor(y[pick], dtype=torch.long)


X, Y = load_mnist(6000)
X = X * 2 - 1
tx, ty, vx, vy = X[:5000], Y[:5000], X[5000:], Y[5000:]


def mlp(w):
    return nn.Sequential(nn.Linear(784, w), nn.ReLU(), nn.Dropout(0.2), nn.Linear(w, 10))


def accuracy(m):
    m.eval()
    with torch.no_grad():
        return (m(vx).argmax(1) == vy).float().mean().item()


teacher, student = mlp(300), mlp(24)
opt = torch.optim.Adam(teacher.parameters(), lr=1e-3)
for ep in range(6):
    teacher.train()
    for i in torch.randperm(5000).split(100):
        loss = F.cross_entropy(teacher(tx[i]), ty[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    print("teacher", ep, loss.item(), accuracy(teacher))

teacher.eval()
opt = torch.optim.SGD(student.parameters(), lr=0.05, momentum=0.9)
for ep in range(8):
    student.train()
    for i in torch.randperm(5000).split(100):
        with torch.no_grad():
            soft = F.softmax(teacher(tx[i]) / 2, 1)
        out = student(tx[i])
        loss = 0.3 * F.cross_entropy(out, ty[i]) + 0.7 * 4 * F.kl_div(F.log_softmax(out / 2, 1), soft, reduction="batchmean")
        opt.zero_grad()
        loss.backward()
        opt.step()
    print("student", ep, loss.item(), accuracy(student))
