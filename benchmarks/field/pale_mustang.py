import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), lr=lr)
        self.crit = nn.CrossEntropyLoss()

    def run_epoch(self, loader):
        self.opt.zero_grad()
        total = 0
        for xb, yb in loader:
            loss = self.crit(self.model(xb), yb)
            loss.backward()
            self.opt.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def score(self, x, y):
        out = self.model(x)
        return self.crit(out, y).item(), (out.argmax(1) == y).float().mean().item()


torch.manual_seed(17)
X, y = load_digits(return_X_y=True)
X = torch.tensor(StandardScaler().fit_transform(X), dtype=torch.float32)
y = torch.tensor(y)
perm = torch.randperm(len(y))
X, y = X[perm], y[perm]
model = nn.Sequential(nn.Linear(64, 100), nn.LayerNorm(100), nn.ReLU(), nn.Linear(100, 10))
trainer = Trainer(model, 0.1)
loader = DataLoader(TensorDataset(X[:1400], y[:1400]), batch_size=28, shuffle=True)
for e in range(25):
    l = trainer.run_epoch(loader)
    if e % 4 == 0:
        print("epoch", e, "train loss", round(l, 4))
print("test loss / acc", *[round(v, 4) for v in trainer.score(X[1400:], y[1400:])])
