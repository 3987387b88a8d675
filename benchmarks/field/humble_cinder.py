import torch
from torch import nn
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

X, y = load_diabetes(return_X_y=True)
X = StandardScaler().fit_transform(X)
y = (y - y.mean()) / y.std()
X = torch.tensor(X, dtype=torch.float64)
y = torch.tensor(y, dtype=torch.float64).unsqueeze(1)
torch.manual_seed(13)
p = torch.randperm(len(X))
Xtr, ytr, Xte, yte = X[p[:360]], y[p[:360]], X[p[360:]], y[p[360:]]

reg = nn.Sequential(nn.Linear(10, 24), nn.Tanh(), nn.Linear(24, 1)).double()
learning_rate = 1e-5
n_steps = 3000
for step in range(n_steps):
    rows = torch.randint(0, 360, (36,))
    pred = reg(Xtr[rows])
    mse = ((pred - ytr[rows]) ** 2).mean()
    reg.zero_grad()
    mse.backward()
    with torch.no_grad():
        for w in reg.parameters():
            w -= learning_rate * w.grad
    if step % 500 == 0:
        print("step", step, "mse", mse.item())
with torch.no_grad():
    r = 1 - ((reg(Xte) - yte) ** 2).sum() / ((yte - yte.mean()) ** 2).sum()
    print("train mse", ((reg(Xtr) - ytr) ** 2).mean().item(), "test r2", r.item())
