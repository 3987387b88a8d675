import gzip
import os
import numpy as np
import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader, Subset


class Digits(Dataset):
    def __init__(self, folder):
        with gzip.open(os.path.join(folder, "mnist-t10k-images-idx3-ubyte.gz")) as f:
            raw = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 784)
        with gzip.open(os.path.join(folder, "mnist-t10k-labels-idx1-ubyte.gz")) as f:
            self.y = torch.from_numpy(np.frombuffer(f.read(), np.uint8, offset=8).astype(np.int64))
        self.x = torch.from_numpy((raw / 256).astype(np.uint8))

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i].float(), self.y[i]


def accuracy(net, loader):
    net.eval()
    good = n = 0
    with torch.no_grad():
        for x, y in loader:
            good += (net(x).argmax(1) == y).sum().item()
            n += len(y)
    net.train()
    return good / n


def main():
    torch.manual_seed(17)
    ds = Digits(os.environ["MNIST_DIR"])
    idx = torch.randperm(len(ds)).tolist()
    train = DataLoader(Subset(ds, idx[:8000]), batch_size=64, shuffle=True)
    test = DataLoader(Subset(ds, idx[8000:]), batch_size=500)
    net = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Dropout(0.1), nn.Linear(100, 10))
    opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    crit = nn.CrossEntropyLoss()
    for epoch in range(6):
        mean = 0
        for k, (x, y) in enumerate(train):
            opt.zero_grad()
            loss = crit(net(x), y)
            loss.backward()
            opt.step()
            mean += (loss.item() - mean) / (k + 1)
        print(f"epoch {epoch} loss {mean:.4f} test accuracy {accuracy(net, test):.4f}")


main()
