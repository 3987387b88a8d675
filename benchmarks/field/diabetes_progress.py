import torch
from sklearn.datasets import load_diabetes

torch.manual_seed(9)
data = load_diabetes(scaled=False)
X = torch.tensor(data.data, dtype=torch.float32)
y = torch.tensor(data.target, dtype=torch.float32)
y = (y - y.mean()) / y.std()
order = torch.randperm(len(X))
X, y = X[order], y[order]
Xt, yt, Xv, yv = X[:350], y[:350], X[350:], y[350:]

w = torch.nn.Linear(10, 16)
v = torch.nn.Linear(16, 1)
params = list(w.parameters()) + list(v.parameters())
opt = torch.optim.Adam(params, lr=1e-3)


def net(x):
    return v(torch.nn.functional.softplus(w(x))).squeeze(-1)


for step in range(1200):
    b = torch.randint(0, 350, (32,))
    loss = (net(Xt[b]) - yt[b]).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, loss.item())
with torch.no_grad():
    print('validation mse', (net(Xv) - yv).square().mean().item())
