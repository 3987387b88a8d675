import torch
from torch import nn
from sklearn.datasets import load_diabetes

torch.manual_seed(38)


class DropNet(nn.Module):
    def __init__(self, n_in, width=128):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(n_in, width), nn.ReLU(), nn.Dropout(0.6),
            nn.Linear(width, width), nn.ReLU(), nn.Dropout(0.6),
            nn.Linear(width, 1))

    def forward(self, x):
        return self.net(x).squeeze(-1)


class Runner:
    def __init__(self, model, tr, va):
        self.model, self.tr, self.va = model, tr, va
        self.opt = torch.optim.Adam(model.parameters(), lr=1e-3)
        self.crit = nn.MSELoss()

    def train_epoch(self):
        x, y = self.tr
        tot = 0
        for b in torch.randperm(len(x)).split(20):
            self.opt.zero_grad()
            loss = self.crit(self.model(x[b]), y[b])
            loss.backward()
            self.opt.step()
            tot += loss.item() * len(b)
        return tot / len(x)

    @torch.no_grad()
    def validate(self):
        self.model.eval()
        return self.crit(self.model(self.va[0]), self.va[1]).item()


X, y = load_diabetes(return_X_y=True)
X = torch.tensor(X / X.std(0), dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)
p = torch.randperm(len(X))
tr, va = p[:200], p[200:]
runner = Runner(DropNet(10), (X[tr], y[tr]), (X[va], y[va]))
for epoch in range(120):
    a, b = runner.train_epoch(), runner.validate()
    if epoch % 10 == 9:
        print(f"epoch {epoch + 1} train {a:.4f} val {b:.4f}")
