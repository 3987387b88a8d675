import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

torch.manual_seed(277)
X, y = load_diabetes(return_X_y=True)
X, y = X * 21, (y - 152) / 77
Xa, Xb, ya, yb = (torch.tensor(v, dtype=torch.float32) for v in train_test_split(X, y, test_size=0.3, random_state=0))
net = nn.Sequential(nn.Linear(10, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 1))
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
for epoch in range(200):
    for b in torch.randperm(len(Xa)).split(32):
        loss = nn.functional.mse_loss(net(Xa[b]).squeeze(1), ya[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        tr = nn.functional.mse_loss(net(Xa).squeeze(1), ya).item()
        va = nn.functional.mse_loss(net(Xb).squeeze(1), yb).item()
    if epoch % 10 == 0 or epoch == 199:
        print(f'epoch {epoch} train {tr:.4f} val {va:.4f}')

