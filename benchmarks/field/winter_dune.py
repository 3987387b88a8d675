import torch
from torch import nn
from sklearn.datasets import make_friedman1

X, y = make_friedman1(n_samples=4000, n_features=8, noise=0.5, random_state=2)
X = torch.tensor((X - 0.5) * 3.4).float()
y = torch.tensor((y - y.mean()) / y.std()).float()[:, None]


class DeepRegressor(nn.Module):
    def __init__(self, sizes=(8, 32, 12, 12)):
        super().__init__()
        self.hidden = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
        self.last = nn.Linear(sizes[-1], 1)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.tanh(layer(x))
        return self.last(x)


def main():
    torch.manual_seed(2)
    model = DeepRegressor()
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    huber = nn.HuberLoss()
    for epoch in range(25):
        perm = torch.randperm(3200)
        for s in range(0, 3200, 64):
            i = perm[s:s + 64]
            opt.zero_grad()
            huber(model(X[i]), y[i]).backward()
            opt.step()
        if epoch % 4 == 0:
            with torch.no_grad():
                r = y[3200:] - model(X[3200:])
            print(f"{epoch:3d} held-out R2 {1 - (r.var() / y[3200:].var()).item():.4f}")


main()
