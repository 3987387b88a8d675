import math
import numpy as np
import torch
from torch import nn

torch.manual_seed(3)
rng = np.random.default_rng(3)
N, D, K = 8000, 24, 40
X = rng.normal(size=(N, D)).astype("float32")
W = rng.normal(size=(D, K)) / math.sqrt(D) * 2.0
score = (X + 0.5 * np.tanh(2 * X)) @ W + 0.3 * rng.normal(size=(N, K))
thr = np.quantile(score, 0.97, axis=0)
Y = (score > thr).astype("float32")
X, Y = torch.from_numpy(X), torch.from_numpy(Y)
Xtr, Ytr, Xte, Yte = X[:6500], Y[:6500], X[6500:], Y[6500:]

prior = 0.03


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(D, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU())
        self.head = nn.Linear(96, K)
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.constant_(self.head.bias, math.log((1 - prior) / prior))

    def forward(self, x):
        return self.head(self.body(x))


net = Tagger()
crit = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 700)
for it in range(700):
    idx = torch.randint(0, len(Xtr), (128,))
    loss = crit(net(Xtr[idx]), Ytr[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if it % 100 == 0:
        print(it, round(loss.item(), 4))
with torch.no_grad():
    a = crit(net(Xtr), Ytr).item()
    b = crit(net(Xte), Yte).item()
print(f"done: train bce {a:.4f}  test bce {b:.4f}")
