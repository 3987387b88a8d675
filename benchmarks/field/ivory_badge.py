import gzip
import os
import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(62)
path = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(f"{path}/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16)
y = np.frombuffer(gzip.open(f"{path}/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x = torch.from_numpy(x.reshape(-1, 784) / np.float32(255))
y = torch.from_numpy(y.astype(np.int64))
shuffle = torch.randperm(10000)
x, y = x[shuffle], y[shuffle]


def uniform(n_in, n_out, bound):
    return (torch.rand(n_in, n_out) * bound - bound).requires_grad_()


w1 = uniform(784, 120, (6 / 784) ** 0.5)
w2 = uniform(120, 60, (6 / 120) ** 0.5)
w3 = torch.nn.Parameter(torch.randn(60, 10) * 0.1)
bs = [torch.zeros(120, requires_grad=True), torch.zeros(60, requires_grad=True), torch.zeros(10, requires_grad=True)]
opt = torch.optim.SGD([w1, w2, w3, *bs], lr=0.03, momentum=0.9)


def model(x):
    h = F.relu(x @ w1 + bs[0])
    h = F.relu(h @ w2 + bs[1])
    return h @ w3 + bs[2]


for step in range(1200):
    i = torch.randint(0, 8000, (64,))
    loss = F.cross_entropy(model(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(f"step {step} loss {loss.item():.4f}")
with torch.no_grad():
    out = model(x[8000:])
    print(f"test loss {F.cross_entropy(out, y[8000:]).item():.4f} acc {(out.argmax(1) == y[8000:]).float().mean().item():.4f}")
