import copy, torch, torch.nn as nn
from sklearn.datasets import load_breast_cancer
torch.manual_seed(250)
X, y = load_breast_cancer(return_X_y=True)
p = torch.randperm(len(X))
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()[p]; y = torch.tensor(y).float()[p]
net = nn.Sequential(nn.Linear(30, 16), nn.Tanh(), nn.Dropout(0.2), nn.Linear(16, 1))
ema = copy.deepcopy(net).eval()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-3)
best, bad = 9e9, 0
for ep in range(60):
    net.train()
    for c in torch.randperm(400).split(25):
        l = nn.functional.binary_cross_entropy_with_logits(net(X[c])[:, 0], y[c])
        opt.zero_grad(); l.backward(); opt.step()
        with torch.no_grad():
            for a, b in zip(ema.parameters(), net.parameters()): a.lerp_(b, 0.05)
    with torch.no_grad():
        v = nn.functional.binary_cross_entropy_with_logits(ema(X[400:])[:, 0], y[400:]).item()
    print(ep, "%.4f" % l.item(), "val %.4f" % v)
    if v < best - 5e-4: best, bad = v, 0
    else: bad += 1
    if bad >= 3: break
print("best", best)
