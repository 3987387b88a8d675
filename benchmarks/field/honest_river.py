import torch
from torch import nn
from sklearn.datasets import make_classification
from sklearn.preprocessing import StandardScaler

torch.set_num_threads(1)
torch.manual_seed(42)


def block(i, o, p):
    return [nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU(), nn.Dropout(p)]


class TabularTrainer:
    def __init__(self, dims, classes):
        layers = []
        for a, b in zip(dims[:-1], dims[1:]):
            layers += block(a, b, 0.1)
        self.net = nn.Sequential(*layers, nn.Linear(dims[-1], classes))
        self.opt = torch.optim.AdamW(self.net.parameters(), lr=2e-3, weight_decay=0.01)
        self.crit = nn.CrossEntropyLoss()

    def fit_epoch(self, x, y, bs=128):
        self.net.train()
        losses = []
        for idx in torch.randperm(len(x)).split(bs):
            if len(idx) < 16:
                continue
            self.opt.zero_grad()
            loss = self.crit(self.net(x[idx]), y[idx])
            loss.backward()
            self.opt.step()
            losses.append(loss.item())
        return sum(losses) / len(losses)

    @torch.no_grad()
    def score(self, x, y):
        self.net.eval()
        out = self.net(x)
        return self.crit(out, y).item(), (out.argmax(1) == y).float().mean().item()


X, y = make_classification(12000, 30, n_informative=12, n_classes=4, n_clusters_per_class=3, class_sep=1.2, random_state=1)
X = StandardScaler().fit_transform(X)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
trainer = TabularTrainer([30, 128, 128, 64], 4)
for e in range(12):
    tl = trainer.fit_epoch(X[:10000], y[:10000])
    vl, va = trainer.score(X[10000:], y[10000:])
    print(f'{e:02d} | {tl:.3f} | {vl:.3f} | {va:.3f}')
