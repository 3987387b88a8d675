import torch
from torch import nn
from sklearn.datasets import load_diabetes
torch.manual_seed(5)
X, y = load_diabetes(return_X_y=True)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor((y - y.mean()) / y.std()).float().unsqueeze(1)
xt, yt, xv, yv = X[:300], y[:300], X[300:], y[300:]
net = nn.Sequential(nn.Linear(10, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(120):
    for c in torch.randperm(300).split(30):
        loss = nn.functional.mse_loss(net(xt[c]), yt[c])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 10 == 9:
        with torch.no_grad():
            print(f"epoch {epoch+1}: train {nn.functional.mse_loss(net(xt), yt).item():.4f}  val {nn.functional.mse_loss(net(xv), yv).item():.4f}")
