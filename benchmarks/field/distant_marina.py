import torch
from torch import nn
from sklearn.datasets import make_friedman1

torch.manual_seed(0)
X, y = make_friedman1(2500, n_features=10, noise=0.5, random_state=3)
X = torch.tensor(X * 2 - 1, dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)[:, None]


class Regressor(nn.Module):
    def __init__(self, widths=(10, 12, 12)):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])])
        self.head = nn.Linear(widths[-1], 1)

    def reset(self):
        self.layers = nn.ModuleList([nn.Linear(l.in_features, l.out_features) for l in self.layers])
        for l in self.layers:
            nn.init.xavier_normal_(l.weight)
            nn.init.zeros_(l.bias)

    def forward(self, x):
        for l in self.layers:
            x = torch.tanh(l(x))
        return self.head(x)


model = Regressor()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
model.reset()
loss_fn = nn.MSELoss()
for epoch in range(40):
    model.train()
    for idx in torch.randperm(2000).split(64):
        optimizer.zero_grad()
        loss = loss_fn(model(X[idx]), y[idx])
        loss.backward()
        optimizer.step()
    if epoch % 10 == 9:
        model.eval()
        with torch.no_grad():
            print("epoch", epoch + 1, "train", round(loss.item(), 4), "test", round(loss_fn(model(X[2000:]), y[2000:]).item(), 4))
