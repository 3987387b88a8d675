import gzip, os
import numpy as np
import torch, torch.nn as nn, torch.nn.functional as F


def load():
    d = os.environ["MNIST_DIR"]
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), np.uint8, offset=8)
    x = F.avg_pool2d(torch.tensor(x / 255.0, dtype=torch.float32), 2)
    return (x - x.mean()) / x.std(), torch.tensor(y, dtype=torch.long)


class Conv(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.GroupNorm(2, 8), nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.GroupNorm(4, 16), nn.ReLU(),
            nn.Conv2d(16, 16, 3, stride=2, padding=1), nn.GroupNorm(4, 16), nn.ReLU())
        self.head = nn.Linear(16 * 16, 10)

    def forward(self, x):
        return self.head(self.body(x).flatten(1))


if __name__ == "__main__":
    torch.manual_seed(12)
    x, y = load()
    p = torch.randperm(len(x))
    x, y = x[p], y[p]
    tx, ty, vx, vy = x[:8192], y[:8192], x[8192:], y[8192:]
    net = Conv()
    opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
    batch = 4096
    for epoch in range(6):
        for j in torch.randperm(len(tx)).split(batch):
            loss = F.cross_entropy(net(tx[j]), ty[j])
            opt.zero_grad()
            loss.backward()
            opt.step()
        with torch.no_grad():
            out = net(vx)
            print(f"epoch {epoch + 1} loss {loss.item():.4f} val {F.cross_entropy(out, vy).item():.4f} acc {(out.argmax(1) == vy).float().mean().item():.4f}")
