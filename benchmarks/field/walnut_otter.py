import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(1)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32)
X = (X - X.mean()) / X.std()
y = torch.tensor(d.target)
perm = torch.randperm(len(X))
X, y = X[perm], y[perm]
Xtr, ytr, Xte, yte = X[:1400], y[:1400], X[1400:], y[1400:]
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 10))
opt = torch.optim.Adam(model.parameters(), lr=4e-3, weight_decay=1e-4)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.92)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(30):
    model.train()
    total = 0
    for b in torch.randperm(1400).split(32):
        opt.zero_grad()
        loss = loss_fn(model(Xtr[b]), ytr[b])
        loss.backward()
        opt.step()
        total += loss.item() * len(b)
    sched.step()
    model.eval()
    with torch.no_grad():
        o = model(Xte)
        print(f"epoch {epoch} train {total / 1400:.4f} test {loss_fn(o, yte).item():.4f} acc {(o.argmax(1) == yte).float().mean().item():.4f}")
