import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(373)
X, y = load_digits(return_X_y=True)
X = torch.tensor((X - 4.88) / 6.0, dtype=torch.float32)
y = torch.tensor(y)
p = torch.randperm(1797)
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for step in range(200):
    b = p[torch.randint(0, 1400, (64,))]
    loss = nn.functional.cross_entropy(net(X[b]), y[b])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 20 == 0: print(step, loss.item())
b = p[1400:]
with torch.no_grad():
    print('test acc', (net(X[b]).argmax(1) == y[b]).float().mean().item())
