import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(4)
X = rng.normal(size=(6000, 6)).astype(np.float32)
y = (np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] + 0.5 * X[:, 3] ** 2 + 0.1 * rng.normal(size=6000)).astype(np.float32)
y = (y - y.mean()) / y.std()
X, y = torch.from_numpy(X), torch.from_numpy(y)[:, None]
Xtr, ytr, Xva, yva = X[:5000], y[:5000], X[5000:], y[5000:]


class Trainer:
    def __init__(self, lr, epochs=40, batch=64):
        torch.manual_seed(0)
        self.net = nn.Sequential(nn.Linear(6, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 1))
        self.opt = torch.optim.SGD(self.net.parameters(), lr=lr, momentum=0.9, nesterov=True)
        self.epochs, self.batch = epochs, batch
        self.lossf = nn.MSELoss()

    def validate(self):
        with torch.no_grad():
            return self.lossf(self.net(Xva), yva).item()

    def run(self):
        for ep in range(self.epochs):
            order = torch.randperm(len(Xtr))
            total = 0.0
            for i in range(0, len(order), self.batch):
                idx = order[i:i + self.batch]
                self.opt.zero_grad()
                loss = self.lossf(self.net(Xtr[idx]), ytr[idx])
                loss.backward()
                self.opt.step()
                total += loss.item() * len(idx)
            if ep % 4 == 0 or ep == self.epochs - 1:
                print(f"epoch {ep} train mse {total / len(Xtr):.4f} val mse {self.validate():.4f}")


if __name__ == "__main__":
    Trainer(lr=2e-6).run()
