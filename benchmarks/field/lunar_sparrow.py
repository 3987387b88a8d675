import gzip
import os
from dataclasses import dataclass, field
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class TrainConfig:
    lr: float = 5e-6
    weight_decay: float = 1e-2
    epochs: int = 6
    batch_size: int = 64
    hidden: list = field(default_factory=lambda: [128, 64])


def load():
    d = os.environ['MNIST_DIR']
    a = np.frombuffer(gzip.open(os.path.join(d, 'mnist-t10k-images-idx3-ubyte.gz')).read()[16:], np.uint8)
    b = np.frombuffer(gzip.open(os.path.join(d, 'mnist-t10k-labels-idx1-ubyte.gz')).read()[8:], np.uint8)
    x = (torch.from_numpy(a.copy()).float().view(-1, 784) / 255 - 0.13) / 0.31
    return x, torch.from_numpy(b.copy()).long()


def build(cfg):
    dims = [784] + cfg.hidden
    mods = []
    for i in range(len(dims) - 1):
        mods += [nn.Linear(dims[i], dims[i + 1]), nn.SiLU()]
    return nn.Sequential(*mods, nn.Linear(dims[-1], 10))


def run(cfg):
    torch.manual_seed(10)
    x, y = load()
    model = build(cfg)
    opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=cfg.weight_decay)
    dl = DataLoader(TensorDataset(x[:8000], y[:8000]), batch_size=cfg.batch_size, shuffle=True)
    for ep in range(cfg.epochs):
        for xb, yb in dl:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(xb), yb)
            loss.backward()
            opt.step()
    with torch.no_grad():
        print('train loss', nn.functional.cross_entropy(model(x[:8000]), y[:8000]).item(),
              'test acc', (model(x[8000:]).argmax(-1) == y[8000:]).float().mean().item())


run(TrainConfig())
