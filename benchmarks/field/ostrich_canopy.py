import torch
import torch.nn as nn

torch.manual_seed(58)
X = torch.randn(2600, 8)
y = torch.sin(X[:, :1] * 2) + X[:, 1:2] * X[:, 2:3] * 0.6 + 0.4 * X[:, 3:4].abs()
y = (y - y.mean()) / y.std()
MICRO = 3
net = nn.Sequential(
    nn.Linear(8, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
    nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(500):
    net.train()
    i = torch.randint(0, 2000, (48,))
    opt.zero_grad()
    total = 0
    for j in i.split(MICRO):
        loss = nn.functional.mse_loss(net(X[j]), y[j]) * len(j) / 48
        loss.backward()
        total += loss.item()
    opt.step()
    if step % 50 == 0 or step == 499:
        net.eval()
        with torch.no_grad():
            print(step, "train", round(total, 4), "test", round(nn.functional.mse_loss(net(X[2000:]), y[2000:]).item(), 4))
