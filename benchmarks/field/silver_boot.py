import torch
from sklearn.datasets import make_friedman1

torch.manual_seed(5)
X, y = make_friedman1(3000, n_features=10, noise=0.5, random_state=5)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)
Xtr, ytr, Xva, yva = X[:2200], y[:2200], X[2200:], y[2200:]

sizes = [10, 128, 128, 128, 1]
params = []
for a, b in zip(sizes[:-1], sizes[1:]):
    params.append((torch.randn(a, b) * 0.6).requires_grad_())
    params.append(torch.zeros(b, requires_grad=True))


def predict(x):
    h = x
    for k in range(0, len(params) - 2, 2):
        h = torch.tanh(h @ params[k] + params[k + 1])
    return (h @ params[-2] + params[-1]).squeeze(1)


optimizer = torch.optim.Adam(params, lr=1e-3)
bs = 64
for epoch in range(40):
    order = torch.randperm(len(Xtr))
    tot = 0.0
    for i in range(0, len(order), bs):
        b = order[i:i + bs]
        loss = ((predict(Xtr[b]) - ytr[b]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        tot += loss.item() * len(b)
    if epoch % 5 == 0:
        print("epoch", epoch, "mse", tot / len(order))
with torch.no_grad():
    print("final", ((predict(Xtr) - ytr) ** 2).mean().item(), "val", ((predict(Xva) - yva) ** 2).mean().item())
