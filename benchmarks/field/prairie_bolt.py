import torch
from torch import nn
from sklearn.datasets import make_classification

torch.manual_seed(71)
X, y = make_classification(2400, 60, n_informative=12, n_redundant=0, n_classes=4, n_clusters_per_class=2, flip_y=0.05, class_sep=1.2, random_state=1)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor(y)
Xt, yt, Xv, yv = X[:500], y[:500], X[500:], y[500:]


class Trainer:
    def __init__(self):
        self.model = nn.Sequential(nn.Dropout(0.3), nn.Linear(60, 256), nn.ReLU(), nn.Dropout(0.6), nn.Linear(256, 256), nn.ReLU(), nn.Dropout(0.6), nn.Linear(256, 4))
        self.opt = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.model.train()

    def fit(self, epochs):
        for e in range(epochs):
            p = torch.randperm(len(Xt))
            for k in p.split(50):
                loss = nn.functional.cross_entropy(self.model(Xt[k]), yt[k])
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
            self.score()

    def score(self):
        self.model.eval()
        with torch.no_grad():
            out = self.model(Xv)
            self.val = nn.functional.cross_entropy(out, yv).item()
            self.acc = (out.argmax(1) == yv).float().mean().item()
            self.tr = nn.functional.cross_entropy(self.model(Xt), yt).item()


t = Trainer()
t.fit(150)
print('train loss', t.tr, 'val loss', t.val, 'val acc', t.acc)
