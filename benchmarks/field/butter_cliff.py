import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def pictures():
    with gzip.open(os.path.join(os.environ["MNIST_DIR"], "mnist-t10k-images-idx3-ubyte.gz")) as f:
        raw = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    return F.avg_pool2d(torch.tensor(raw / 255.0, dtype=torch.float32), 2).flatten(1)


class Denoiser(nn.Module):
    def __init__(self, code=24):
        super().__init__()
        self.down = nn.Sequential(nn.Linear(196, 128), nn.SiLU(), nn.Linear(128, code))
        self.up = nn.Sequential(nn.Linear(code, 128), nn.SiLU(), nn.Linear(128, 196))

    def forward(self, x):
        return self.up(self.down(x))


def spoil(x):
    return x * (torch.rand_like(x) > 0.2) + 0.1 * torch.randn_like(x)


def main():
    torch.manual_seed(7)
    x = pictures()[torch.randperm(10000)]
    train, valid = x[:8500], x[8500:]
    model = Denoiser()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    bce = nn.BCEWithLogitsLoss()
    for epoch in range(12):
        total = 0.0
        optimizer.zero_grad()
        for i in torch.randperm(8500).split(68):
            loss = bce(model(spoil(train[i])), train[i])
            loss.backward()
            optimizer.step()
            total += loss.item() / 125
        with torch.no_grad():
            v = bce(model(spoil(valid)), valid).item()
        print(f"epoch {epoch} train {total:.4f} valid {v:.4f}")


if __name__ == "__main__":
    main()
