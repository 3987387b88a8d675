import os, gzip, numpy as np, torch
from torch import nn
from torch.utils.data import Dataset, DataLoader


class Mnist10k(Dataset):
    def __init__(self, start, stop):
        d = os.environ.get("MNIST_DIR", "data")
        with gzip.open(os.path.join(d, "mnist-t10k-images-idx3-ubyte.gz")) as f:
            f.seek(16 + start * 784)
            self.x = torch.tensor(np.frombuffer(f.read((stop - start) * 784), np.uint8).reshape(-1, 1, 28, 28).astype(np.float32))
        with gzip.open(os.path.join(d, "mnist-t10k-labels-idx1-ubyte.gz")) as f:
            f.seek(8 + start)
            self.y = torch.tensor(np.frombuffer(f.read(stop - start), np.uint8).astype(np.int64))
        self.x = (self.x - 33.3) / 78.6

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def main():
    torch.manual_seed(1)
    tr, te = DataLoader(Mnist10k(0, 7000), 50, shuffle=True), DataLoader(Mnist10k(8000, 10000), 500)
    net = nn.Sequential(nn.Conv2d(1, 10, 5, 2), nn.BatchNorm2d(10), nn.ReLU(), nn.Conv2d(10, 20, 3, 2), nn.BatchNorm2d(20), nn.ReLU(), nn.Flatten(), nn.Dropout(0.2), nn.Linear(500, 10))
    net[0].bias = None
    net[3].bias = None
    crit = nn.CrossEntropyLoss(label_smoothing=0.15)
    opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9, nesterov=True, weight_decay=1e-4)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 5 * len(tr))
    for epoch in range(5):
        net.train()
        for x, y in tr:
            opt.zero_grad()
            loss = crit(net(x), y)
            loss.backward()
            opt.step()
            sched.step()
        net.eval()
        with torch.no_grad():
            hit = sum((net(x).argmax(1) == y).sum().item() for x, y in te)
        print(f"epoch {epoch} smoothed loss {loss.item():.4f} test acc {hit / 2000:.4f}")


if __name__ == "__main__":
    main()
