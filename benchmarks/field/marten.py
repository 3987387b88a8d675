import torch, numpy as np
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split
from dataclasses import dataclass

@dataclass
class Config:
    hidden: int = 32
    lr: float = 0.02
    steps: int = 400
    batch: int = 32

cfg = Config()
torch.manual_seed(3)
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
sc = StandardScaler().fit(Xa)
Xa, Xb = [torch.tensor(sc.transform(v), dtype=torch.float32) for v in (Xa, Xb)]
ya, yb = [torch.tensor(v, dtype=torch.float32) for v in (ya, yb)]

cfg.pos, cfg.neg = ya.sum(), (1 - ya).sum()

class Scorer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = nn.Linear(30, c.hidden)
        self.b = nn.Linear(c.hidden, c.hidden)
        self.out = nn.Linear(c.hidden, 1)
        # begin from the base rate
        nn.init.constant_(self.out.bias, float(torch.log(c.pos * c.neg)))

    def forward(self, x):
        x = torch.tanh(self.a(x))
        x = torch.tanh(self.b(x))
        return self.out(x).squeeze(-1)

model = Scorer(cfg)
optim = torch.optim.SGD(model.parameters(), lr=cfg.lr)
bce = nn.BCEWithLogitsLoss()
hist = []
for step in range(cfg.steps):
    idx = torch.randint(len(Xa), (cfg.batch,))
    loss = bce(model(Xa[idx]), ya[idx])
    optim.zero_grad(); loss.backward(); optim.step()
    hist.append(loss.item())
    if step % 100 == 99:
        print(step + 1, np.mean(hist[-100:]))
with torch.no_grad():
    lt = model(Xb)
    print('train', np.mean(hist[-100:]), 'test', bce(lt, yb).item(), 'acc', ((lt > 0) == (yb > 0.5)).float().mean().item())
