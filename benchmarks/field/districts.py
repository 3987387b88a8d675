import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader, random_split


def district_table(n, seed=0):
    r = np.random.RandomState(seed)
    income = r.gamma(4, 1, n)
    age = r.randint(1, 52, n)
    rooms = r.normal(5.4, 1, n)
    population = r.lognormal(7, 0.7, n)
    lat, lon = r.uniform(32.5, 42, n), r.uniform(-124, -114, n)
    price = 0.4 * income + 0.01 * age + 0.2 * rooms - 0.25 * np.log(population) - 0.15 * (lat - 37) * (lon + 119) / 5 + 0.2 * r.randn(n)
    return np.c_[income, age, rooms, population, lat, lon].astype(np.float32), price.astype(np.float32)


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.RMSprop(model.parameters(), lr=lr)
        self.loss = nn.SmoothL1Loss()

    def fit(self, loader, epochs):
        for e in range(epochs):
            total, n = 0.0, 0
            for xb, yb in loader:
                self.opt.zero_grad()
                l = self.loss(self.model(xb).squeeze(-1), yb)
                l.backward()
                self.opt.step()
                total += l.item() * len(xb)
                n += len(xb)
            if e % 3 == 0:
                print(f"epoch {e}: {total / n:.4f}")

    @torch.no_grad()
    def evaluate(self, loader):
        return sum(self.loss(self.model(x).squeeze(-1), y).item() * len(x) for x, y in loader) / len(loader.dataset)


def main():
    torch.manual_seed(23)
    X, y = district_table(4000)
    y = (y - y.mean()) / y.std()
    train, test = random_split(TensorDataset(torch.from_numpy(X), torch.from_numpy(y)), [3200, 800])
    net = nn.Sequential(nn.Linear(6, 48), nn.LeakyReLU(), nn.Linear(48, 24), nn.LeakyReLU(), nn.Linear(24, 1))
    trainer = Trainer(net, lr=1e-3)
    trainer.fit(DataLoader(train, batch_size=40, shuffle=True), epochs=16)
    print("test loss", trainer.evaluate(DataLoader(test, batch_size=400)))


if __name__ == "__main__":
    main()
