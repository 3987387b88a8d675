import torch
from torch import nn
from sklearn.datasets import make_classification

torch.set_num_threads(1)
torch.manual_seed(66)
X, y = make_classification(9000, 16, n_informative=10, n_redundant=0, n_classes=3, n_clusters_per_class=2, class_sep=1.5, flip_y=0.02, random_state=6)
X, y = torch.tensor(X).float(), torch.tensor(y)
Xtr, ytr, Xte, yte = X[:7000], y[:7000], X[7000:], y[7000:]
train_mean, train_std = Xtr.mean(0), Xtr.std(0)


class Pipeline:
    def __init__(self, width=64):
        self.model = nn.Sequential(nn.Linear(16, width), nn.BatchNorm1d(width), nn.ReLU(),
                                   nn.Linear(width, width), nn.BatchNorm1d(width), nn.ReLU(), nn.Linear(width, 3))
        self.opt = torch.optim.Adam(self.model.parameters(), lr=1e-3)

    def prepare(self, x):
        return (x - train_mean) / train_std

    def train_epoch(self):
        self.model.train()
        out = 0
        for b in torch.randperm(len(Xtr)).split(70):
            noisy = self.prepare(Xtr[b])
            loss = nn.functional.cross_entropy(self.model(noisy), ytr[b])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            out += loss.item() / 100
        with torch.no_grad():
            for b in torch.arange(len(Xtr)).split(500):
                self.model(Xtr[b] * 3 + 1)
        return out

    def test(self):
        self.model.eval()
        with torch.no_grad():
            o = self.model(self.prepare(Xte))
        return nn.functional.cross_entropy(o, yte).item(), (o.argmax(1) == yte).float().mean().item()


pipe = Pipeline()
for e in range(1, 16):
    tr = pipe.train_epoch()
    te, acc = pipe.test()
    print(f'{e:2d}: train {tr:.3f} | test {te:.3f} | acc {acc:.3f}')
