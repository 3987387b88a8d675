import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_friedman1

torch.set_num_threads(1)
torch.manual_seed(12)
X, s = make_friedman1(5000, 7, noise=1.0, random_state=8)
grade = torch.tensor(np.digitize(s, np.quantile(s, [0.15, 0.4, 0.7, 0.9])))
X = torch.tensor(X * 2 - 1).float()


class Ordinal(nn.Module):
    def __init__(self, k=5):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(7, 48), nn.Softplus(), nn.Linear(48, 1))
        self.first = nn.Parameter(torch.tensor(-1.5))
        self.gaps = nn.Parameter(torch.zeros(k - 2))

    def probs(self, x):
        cuts = self.first + torch.cat([torch.zeros(1), nn.functional.softplus(self.gaps).cumsum(0)])
        c = torch.sigmoid(cuts - self.f(x))
        one, zero = torch.ones(len(x), 1), torch.zeros(len(x), 1)
        c = torch.cat([zero, c, one], 1)
        return (c[:, 1:] - c[:, :-1]).clamp(min=1e-6)

    def nll(self, x, g):
        return -self.probs(x).gather(1, g[:, None]).log().mean()


model = Ordinal()
opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 36)
for epoch in range(1, 37):
    for b in torch.randperm(4000).split(64):
        loss = model.nll(X[b], grade[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            a, v = model.nll(X[:4000], grade[:4000]).item(), model.nll(X[4000:], grade[4000:]).item()
            mae = (model.probs(X[4000:]).argmax(1) - grade[4000:]).abs().float().mean().item()
        print(f'epoch {epoch} train {a:.4f} valid {v:.4f} grade mae {mae:.3f}')
