import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_classification

torch.manual_seed(97)
X, y = make_classification(3000, 30, n_informative=5, n_redundant=5, flip_y=0.15, class_sep=1.0, random_state=97)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y)
n_train = 150
Xtr, ytr, Xva, yva = X[:n_train], y[:n_train], X[2000:], y[2000:]
net = nn.Sequential(nn.Linear(30, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 2))
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
steps, bs = 1500, 30
for step in range(steps):
    i = torch.randint(0, n_train, (bs,))
    loss = F.cross_entropy(net(Xtr[i]), ytr[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        with torch.no_grad():
            val_loss = F.cross_entropy(net(Xva), yva)
        if step % 150 == 0:
            print(f"step {step} train {loss.item():.4f} val {val_loss.item():.4f}")
with torch.no_grad():
    out = net(Xva)
    print(f"final train {F.cross_entropy(net(Xtr), ytr).item():.4f} val {F.cross_entropy(out, yva).item():.4f} acc {(out.argmax(1) == yva).float().mean().item():.4f}")
