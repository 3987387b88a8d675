import gzip, os
import numpy as np
import torch
import torch.nn.functional as F

SEED = 1234


def read(name, off):
    with gzip.open(os.path.join(os.environ['MNIST_DIR'], name)) as f:
        return np.frombuffer(f.read(), dtype=np.uint8, offset=off)


def dense(n_in, n_out):
    """Reproducible weights: one column per unit."""
    cols = []
    for j in range(n_out):
        g = torch.Generator().manual_seed(SEED)
        cols.append(torch.randn(n_in, generator=g) * (2 / n_in) ** 0.5)
    return torch.stack(cols, 1).requires_grad_(), torch.zeros(n_out, requires_grad=True)


x = torch.from_numpy(read('mnist-t10k-images-idx3-ubyte.gz', 16).reshape(-1, 784).astype(np.float32)) / 255 - 0.13
x = x / 0.31
y = torch.from_numpy(read('mnist-t10k-labels-idx1-ubyte.gz', 8).astype(np.int64))
W1, b1 = dense(784, 100)
W2, b2 = torch.zeros(100, 10, requires_grad=True), torch.zeros(10, requires_grad=True)
params = [W1, b1, W2, b2]
vel = [torch.zeros_like(p) for p in params]
torch.manual_seed(SEED)
for step in range(2500):
    i = torch.randint(0, 9000, (50,))
    logits = F.relu(x[i] @ W1 + b1) @ W2 + b2
    loss = F.cross_entropy(logits, y[i])
    grads = torch.autograd.grad(loss, params)
    with torch.no_grad():
        for p, v, gr in zip(params, vel, grads):
            v.mul_(0.9).add_(gr)
            p.sub_(0.01 * v)
with torch.no_grad():
    out = F.relu(x @ W1 + b1) @ W2 + b2
    print('train loss', F.cross_entropy(out[:9000], y[:9000]).item(), 'test acc', (out[9000:].argmax(1) == y[9000:]).float().mean().item())
