import torch
from torch import nn
from sklearn.datasets import load_diabetes

torch.manual_seed(11)
X, y = load_diabetes(return_X_y=True, scaled=False)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)
model = nn.Sequential(nn.Linear(10, 12), nn.ReLU(), nn.Linear(12, 1))
opt = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-4)

def mse(pred, target):
    return ((pred - target) ** 2).mean()

for step in range(1500):
    b = torch.randint(0, 360, (60,))
    pred = model(X[b])
    loss = mse(pred, y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 299:
        with torch.no_grad():
            f = model(X).squeeze(-1)
            print(step + 1, 'step loss', loss.item(), 'train mse', mse(f[:360], y[:360]).item(), 'test mse', mse(f[360:], y[360:]).item())
