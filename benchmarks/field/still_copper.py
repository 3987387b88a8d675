import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(110)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16).float().view(-1, 1, 8, 8), torch.tensor(y)
i = torch.randperm(len(X))
X, y = X[i], y[i]
net = nn.Sequential(nn.Conv2d(1, 20, 3), nn.ReLU(), nn.Conv2d(20, 30, 3), nn.ReLU(), nn.Flatten(), nn.Linear(480, 10))
opt = torch.optim.Adagrad(net.parameters(), lr=0.01)
hinge = nn.MultiMarginLoss()
for epoch in range(12):
    t = 0.0
    for b in torch.randperm(1400).split(35):
        loss = hinge(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        t += loss.item() / 40
    with torch.no_grad():
        o = net(X[1400:])
    print(epoch, f'{t:.4f} {hinge(o, y[1400:]).item():.4f} acc {(o.argmax(1) == y[1400:]).float().mean().item():.3f}')
