import gzip
import numpy as np
import torch

torch.manual_seed(59)
imgs = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(10000, 784)
labs = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
X = torch.tensor(imgs / 255., dtype=torch.float32)
Y = torch.tensor(labs, dtype=torch.long)

W1 = (torch.randn(784, 48) / 28).requires_grad_()
b1 = torch.zeros(48, requires_grad=True)
W2 = (torch.randn(48, 10) / 7).requires_grad_()
b2 = torch.zeros(10, requires_grad=True)
params = [W1, b1, W2, b2]
lr = 0.2


def loss_fn(x, y):
    logits = torch.relu(x @ W1 + b1) @ W2 + b2
    return torch.nn.functional.cross_entropy(logits, y), logits


for step in range(2500):
    i = torch.randint(0, 8000, (50,))
    loss, _ = loss_fn(X[i], Y[i])
    loss.backward()
    with torch.no_grad():
        for p in params:
            p -= lr * p.grad
            if step % 20 == 0:
                p.grad.zero_()
    if step % 250 == 0:
        print(step, loss.item())
with torch.no_grad():
    l, z = loss_fn(X[8000:], Y[8000:])
    print('test loss', l.item(), 'acc', (z.argmax(1) == Y[8000:]).float().mean().item())
