import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(91)
ds = load_digits()
X, y = torch.tensor(ds.images, dtype=torch.float32), torch.tensor(ds.target)
p = torch.randperm(len(X))
X, y = X[p].unsqueeze(1), y[p]


def standardise(x, ref):
    return (x - ref.mean(0)) / (ref.std(0))


X = standardise(X, X[:1400])
xt, yt, xv, yv = X[:1400], y[:1400], X[1400:], y[1400:]
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.SiLU(), nn.Conv2d(16, 16, 3, padding=1), nn.SiLU(), nn.MaxPool2d(2),
                    nn.Flatten(), nn.Dropout(0.3), nn.Linear(256, 10))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
for epoch in range(20):
    net.train()
    s = 0.0
    for b in torch.randperm(1400).split(35):
        loss = F.cross_entropy(net(xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() / 40
    if epoch % 2 == 1:
        net.eval()
        with torch.no_grad():
            o = net(xv)
        print(f"epoch {epoch + 1} train {s:.4f} valid {F.cross_entropy(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.4f}")
