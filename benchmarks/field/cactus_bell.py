import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(1)
d = load_digits()
X = torch.tensor(d.data / 16.0 - 0.3, dtype=torch.float32)
y = torch.tensor(d.target).float()
order = torch.randperm(len(X))
X, y = X[order], y[order]
Xt, yt, Xv, yv = X[:1500], y[:1500], X[1500:], y[1500:]

model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
levels = torch.arange(10).float()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
lossf = nn.SmoothL1Loss()

for epoch in range(60):
    perm = torch.randperm(len(Xt))
    total = 0
    for b in perm.split(32):
        logits = model(Xt[b])
        guess = logits.argmax(dim=1).float()
        loss = lossf(guess, yt[b])
        loss.requires_grad_(True)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(b)
    if epoch % 6 == 0 or epoch == 59:
        with torch.no_grad():
            g = (model(Xv).softmax(1) * levels).sum(1)
            print(f"epoch {epoch:2d} loss {total / len(Xt):.4f} valid {lossf(g, yv).item():.4f} within one {((g - yv).abs() < 1).float().mean().item():.3f}")
