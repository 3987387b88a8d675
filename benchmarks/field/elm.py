import torch
from torch import nn
from sklearn.datasets import make_friedman1

torch.manual_seed(34)
X, y = make_friedman1(6000, 10, noise=1.0, random_state=3)
X = torch.tensor((X - 0.5) * 3.46, dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)
net = nn.Sequential(
    nn.Linear(10, 16), nn.BatchNorm1d(16), nn.ReLU(),
    nn.Linear(16, 16), nn.BatchNorm1d(16), nn.ReLU(),
    nn.Linear(16, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
for step in range(1600):
    net.train()
    b = torch.randint(0, 5000, (64,))
    loss = nn.functional.mse_loss(net(X[b]).squeeze(1), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 400 == 399:
        net.eval()
        with torch.no_grad():
            print(step + 1, 'train', nn.functional.mse_loss(net(X[:5000]).squeeze(1), y[:5000]).item(), 'test', nn.functional.mse_loss(net(X[5000:]).squeeze(1), y[5000:]).item())
