import gzip, os
import numpy as np
import torch

D = os.environ.get("MNIST_DIR", "data")


def read(name):
    for suffix, opener in (("", open), (".gz", gzip.open)):
        path = os.path.join(D, name + suffix)
        if os.path.exists(path):
            with opener(path, "rb") as f:
                return f.read()
    raise FileNotFoundError(name)


imgs = np.frombuffer(read("mnist-t10k-images-idx3-ubyte"), np.uint8, offset=16).reshape(-1, 784)
labs = np.frombuffer(read("mnist-t10k-labels-idx1-ubyte"), np.uint8, offset=8)
x = torch.tensor(imgs.astype(np.float32) / 255).sub(0.13).div(0.31)
y = torch.tensor(labs.astype(np.int64))
xtr, ytr, xte, yte = x[:8500], y[:8500], x[8500:], y[8500:]

torch.manual_seed(1)
sizes = [784, 128, 128, 128, 128, 128, 10]
layers = []
for a, b in zip(sizes[:-1], sizes[1:]):
    lin = torch.nn.Linear(a, b)
    torch.nn.init.normal_(lin.weight, 0.0, 0.01)
    torch.nn.init.zeros_(lin.bias)
    layers += [lin, torch.nn.Tanh()]
mlp = torch.nn.Sequential(*layers[:-1])
sgd = torch.optim.SGD(mlp.parameters(), lr=0.02, momentum=0.9)

for epoch in range(1, 9):
    perm = torch.randperm(len(xtr))
    losses = []
    for k in range(len(xtr) // 50):
        sel = perm[k * 50:(k + 1) * 50]
        sgd.zero_grad()
        l = torch.nn.functional.cross_entropy(mlp(xtr[sel]), ytr[sel])
        l.backward()
        sgd.step()
        losses.append(float(l))
    acc = (mlp(xte).argmax(1) == yte).float().mean().item()
    print("epoch", epoch, "loss", round(sum(losses) / len(losses), 4), "test acc", round(acc, 4))
