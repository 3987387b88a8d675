import torch
from torch import nn

torch.manual_seed(41)
n_train, n_val, d = 200, 500, 30
X = torch.randn(n_train + n_val, d)
beta = torch.zeros(d)
beta[:5] = torch.tensor([1.0, -0.8, 0.6, 0.5, -0.5])
y = (X @ beta + 0.4 * X[:, 0] * X[:, 1] + 1.0 * torch.randn(len(X)) > 0).float()
Xt, yt, Xv, yv = X[:n_train], y[:n_train], X[n_train:], y[n_train:]
net = nn.Sequential(nn.Linear(d, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(200):
    for b in torch.randperm(n_train).split(20):
        loss = bce(net(Xt[b]).flatten(), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 20 == 19 or epoch == 2:
        with torch.no_grad():
            o = net(Xv).flatten()
            print(f'epoch {epoch + 1} train {bce(net(Xt).flatten(), yt).item():.4f} val {bce(o, yv).item():.4f} acc {((o > 0) == (yv > 0)).float().mean().item():.3f}')
