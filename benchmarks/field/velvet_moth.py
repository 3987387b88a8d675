from dataclasses import dataclass
import numpy as np
import torch
from sklearn.datasets import load_wine


@dataclass
class Config:
    hidden: int = 32
    lr: float = 0.01
    momentum: float = 0.9
    steps: int = 3000
    batch: int = 32
    seed: int = 7


cfg = Config()
torch.manual_seed(cfg.seed)
data = load_wine()
rng = np.random.RandomState(cfg.seed)
p = rng.permutation(len(data.target))
X = torch.tensor(data.data[p], dtype=torch.float32)
y = torch.tensor(data.target[p])
ntr = 130
model = torch.nn.Sequential(
    torch.nn.Linear(13, cfg.hidden), torch.nn.ReLU(),
    torch.nn.Linear(cfg.hidden, cfg.hidden), torch.nn.ReLU(),
    torch.nn.Linear(cfg.hidden, 3))
optim = torch.optim.SGD(model.parameters(), lr=cfg.lr, momentum=cfg.momentum)
ce = torch.nn.CrossEntropyLoss()
for step in range(cfg.steps):
    idx = torch.randint(0, ntr, (cfg.batch,))
    loss = ce(model(X[idx]), y[idx])
    optim.zero_grad(); loss.backward(); optim.step()
with torch.no_grad():
    print('loss', ce(model(X[:ntr]), y[:ntr]).item(), 'acc', (model(X[ntr:]).argmax(1) == y[ntr:]).float().mean().item())
