import gzip, os
import numpy as np, torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader

root = os.environ.get("MNIST_DIR", "data")
imgs = np.frombuffer(gzip.open(os.path.join(root, "mnist-t10k-images-idx3-ubyte.gz")).read(), np.uint8, offset=16)
labs = np.frombuffer(gzip.open(os.path.join(root, "mnist-t10k-labels-idx1-ubyte.gz")).read(), np.uint8, offset=8)
x = torch.from_numpy(imgs.copy()).view(-1, 784).float().div(255).sub(0.13).div(0.31)
y = torch.from_numpy(labs.astype("int64"))
torch.manual_seed(5)
train = DataLoader(TensorDataset(x[:7000], y[:7000]), batch_size=64, shuffle=True)

sizes = [784, 128, 128, 128, 128, 128, 10]
layers = []
for i, (a, b) in enumerate(zip(sizes[:-1], sizes[1:])):
    lin = nn.Linear(a, b)
    nn.init.normal_(lin.weight, std=0.012)
    nn.init.zeros_(lin.bias)
    layers.append(lin)
    if i < len(sizes) - 2:
        layers.append(nn.Tanh())
net = nn.Sequential(*layers)
sgd = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
criterion = nn.CrossEntropyLoss()
for ep in range(5):
    running = []
    for xb, yb in train:
        sgd.zero_grad()
        loss = criterion(net(xb), yb)
        loss.backward()
        sgd.step()
        running.append(loss.item())
    with torch.no_grad():
        acc = (net(x[7000:]).argmax(1) == y[7000:]).float().mean().item()
    print(f"epoch {ep}: loss {np.mean(running):.4f}, test accuracy {acc:.4f}")
