import gzip
import os
import numpy as np
import torch

DIR = os.environ.get("MNIST_DIR", "data")


def read(name, off):
    return np.frombuffer(gzip.open(os.path.join(DIR, name)).read(), np.uint8, offset=off)


def get():
    x = read("mnist-t10k-images-idx3-ubyte.gz", 16).reshape(10000, 784).astype(np.float32) / 255
    y = read("mnist-t10k-labels-idx1-ubyte.gz", 8).astype(np.int64)
    return torch.from_numpy((x - x.mean()) / x.std()), torch.from_numpy(y)


def fit(net, x, y, cfg):
    opt = torch.optim.SGD(net.parameters(), lr=cfg["lr"], momentum=cfg["momentum"], weight_decay=cfg["weight_decay"])
    for epoch in range(cfg["epochs"]):
        for b in torch.randperm(len(x)).split(cfg["batch"]):
            loss = torch.nn.functional.cross_entropy(net(x[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
        print(epoch, round(loss.item(), 4))


if __name__ == "__main__":
    torch.manual_seed(1)
    x, y = get()
    net = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.Tanh(), torch.nn.Linear(128, 64), torch.nn.Tanh(), torch.nn.Linear(64, 10))
    fit(net, x[:7000], y[:7000], {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.5, "epochs": 6, "batch": 64})
    with torch.no_grad():
        print("test accuracy", (net(x[7000:]).argmax(1) == y[7000:]).float().mean().item())
