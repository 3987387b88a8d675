import os, gzip
import numpy as np
import torch
from torch import nn

torch.manual_seed(55)
folder = os.environ["MNIST_DIR"]
pixels = np.frombuffer(gzip.open(folder + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16)
digits = np.frombuffer(gzip.open(folder + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
X = torch.from_numpy(pixels.reshape(-1, 784).astype(np.float32) / 255).sub(0.13).div(0.31)
Y = torch.from_numpy(digits.astype(np.int64))
mix = torch.randperm(len(X))
Xtr, Ytr, Xte, Yte = X[mix[:8000]], Y[mix[:8000]], X[mix[8000:]], Y[mix[8000:]]


def tower(depth, width, act):
    layers = [nn.Linear(784, width), act()]
    for _ in range(depth - 2):
        layers += [nn.Linear(width, width), act()]
    layers.append(nn.Linear(width, 10))
    net = nn.Sequential(*layers)
    for m in net:
        if isinstance(m, nn.Linear):
            nn.init.kaiming_normal_(m.weight)
            nn.init.zeros_(m.bias)
    return net


net = tower(11, 64, nn.Sigmoid)
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
crit = nn.CrossEntropyLoss()
for epoch in range(6):
    perm = torch.randperm(len(Xtr))
    acc_loss = 0
    for i in range(0, 8000, 80):
        b = perm[i:i + 80]
        loss = crit(net(Xtr[b]), Ytr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        acc_loss += loss.item() / 100
    with torch.no_grad():
        o = net(Xte)
    print(f"epoch {epoch} train {acc_loss:.4f} test {crit(o, Yte).item():.4f} acc {(o.argmax(1) == Yte).float().mean().item():.4f}")
