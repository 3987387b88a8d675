import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(14)
digits = load_digits()
X = torch.tensor(digits.data / 16, dtype=torch.float32)
y = torch.tensor(digits.target, dtype=torch.long)
perm = torch.randperm(X.shape[0])
Xtr, Xte, ytr, yte = X[perm[:1437]], X[perm[1437:]], y[perm[:1437]], y[perm[1437:]]


def dense(i, o):
    lin = nn.Linear(i, o)
    nn.init.kaiming_uniform_(lin.weight, nonlinearity="relu")
    nn.init.constant_(lin.bias, -1.5)
    return lin


model = nn.Sequential(dense(64, 64), nn.ReLU(), dense(64, 64), nn.ReLU(), nn.Linear(64, 10))
loss_fn = nn.CrossEntropyLoss()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(1, 31):
    order = torch.randperm(len(Xtr))
    s = 0.
    for k in range(0, len(order), 64):
        b = order[k:k + 64]
        out = model(Xtr[b])
        loss = loss_fn(out, ytr[b])
        opt.zero_grad(); loss.backward(); opt.step()
        s += loss.item() * len(b)
    if epoch % 5 == 0:
        with torch.no_grad():
            o = model(Xte)
        print(f"ep {epoch} train {s / len(order):.4f} test {loss_fn(o, yte).item():.4f} acc {(o.argmax(-1) == yte).float().mean().item():.4f}")
