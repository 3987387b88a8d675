import gzip, os, argparse
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import TensorDataset, DataLoader

def read(name, off):
    with gzip.open(os.path.join(os.environ["MNIST_DIR"], name)) as f:
        return np.frombuffer(f.read(), np.uint8, offset=off)

class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 5, stride=2)
        self.c2 = nn.Conv2d(8, 16, 3, stride=2)
        self.f1 = nn.Linear(16 * 25, 64)
        self.f2 = nn.Linear(64, 10)
    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x)).flatten(1)
        x = F.relu(self.f1(x))
        return F.softmax(self.f2(x), dim=1)

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--lr", type=float, default=0.05)
    ap.add_argument("--epochs", type=int, default=6)
    args = ap.parse_args()
    torch.manual_seed(42)
    x = torch.tensor(read("mnist-t10k-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28).copy()).float()
    y = torch.tensor(read("mnist-t10k-labels-idx1-ubyte.gz", 8).astype(np.int64))
    x = (x / 255 - 0.1307) / 0.3081
    dl = DataLoader(TensorDataset(x[:8000], y[:8000]), batch_size=64, shuffle=True)
    net = LeNet()
    opt = torch.optim.SGD(net.parameters(), lr=args.lr)
    for ep in range(args.epochs):
        s = 0.0
        for xb, yb in dl:
            opt.zero_grad()
            loss = F.cross_entropy(net(xb), yb)
            loss.backward()
            opt.step()
            s += loss.item()
        with torch.no_grad():
            acc = (net(x[8000:]).argmax(1) == y[8000:]).float().mean().item()
        print(f"epoch {ep}  loss {s / len(dl):.4f}  test acc {acc:.4f}")
