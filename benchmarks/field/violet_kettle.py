import torch
import torch.nn as nn
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.loss = nn.BCEWithLogitsLoss()

    def fit(self, xa, ya, xb, yb, epochs):
        self.model.train()
        for e in range(epochs):
            tot = 0.
            for i in torch.randperm(len(xa)).split(25):
                l = self.loss(self.model(xa[i]).squeeze(1), ya[i])
                self.opt.zero_grad()
                l.backward()
                self.opt.step()
                tot += l.item() * len(i)
            if e % 20 == 19:
                vl, va = self.validate(xb, yb)
                print(f"epoch {e+1} train {tot/len(xa):.4f} valid loss {vl:.4f} acc {va:.4f}")
            else:
                self.validate(xb, yb)

    @torch.no_grad()
    def validate(self, x, y):
        self.model.eval()
        o = self.model(x).squeeze(1)
        return self.loss(o, y).item(), ((o > 0).float() == y).float().mean().item()


X, y = make_classification(n_samples=4400, n_features=40, n_informative=8, n_redundant=0, flip_y=0.15, random_state=8)
Xa, Xb, ya, yb = train_test_split(torch.tensor(X).float(), torch.tensor(y).float(), test_size=0.5, random_state=8)
torch.manual_seed(8)
net = nn.Sequential(nn.Linear(40, 64), nn.ReLU(), nn.Dropout(0.6), nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.6), nn.Linear(64, 1))
Trainer(net, 5e-4).fit(Xa / Xa.std(0), ya, Xb / Xa.std(0), yb, 80)
