import torch
from torch import nn
from sklearn.datasets import load_diabetes

torch.manual_seed(19)
X, y = load_diabetes(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
p = torch.randperm(len(X))
X, y = X[p], y[p]
X = (X - X[:340].mean(0)) / X[:340].std(0)
y = (y - y[:340].mean()) / y[:340].std()

model = nn.Sequential(nn.Linear(10, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.005)
loss_fn = nn.MSELoss()
for step in range(1500):
    ix = torch.randint(0, 340, (32,))
    pred = model(X[ix]).squeeze(-1)
    loss = loss_fn(pred, y[ix])
    loss.backward()
    optimizer.step()
    if (step + 1) % 150 == 0:
        with torch.no_grad():
            val = loss_fn(model(X[340:]).squeeze(-1), y[340:])
        print("step", step + 1, "loss", round(loss.item(), 4), "val", round(val.item(), 4))
