import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32)
X = (X - X.mean()) / X.std()
y = torch.tensor(y)
perm = torch.randperm(len(X))
tr, te = perm[:1400], perm[1400:]

dims = [64, 100, 100, 100, 100, 100]
layers = []
for a, b in zip(dims[:-1], dims[1:]):
    lin = nn.Linear(a, b)
    nn.init.normal_(lin.weight, 0, 0.02)
    nn.init.zeros_(lin.bias)
    layers += [lin, nn.Tanh()]
model = nn.Sequential(*layers, nn.Linear(100, 10))
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
lossf = nn.CrossEntropyLoss()

for epoch in range(25):
    total = 0
    for b in tr[torch.randperm(len(tr))].split(64):
        opt.zero_grad()
        l = lossf(model(X[b]), y[b])
        l.backward()
        opt.step()
        total += l.item() * len(b)
    print('epoch', epoch, 'loss', round(total / len(tr), 4))
with torch.no_grad():
    out = model(X[te])
    print('test loss', round(lossf(out, y[te]).item(), 4), 'acc', round((out.argmax(1) == y[te]).float().mean().item(), 4))
