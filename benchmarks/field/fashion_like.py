import torch
from torch import nn
from torch.optim.lr_scheduler import ExponentialLR
from sklearn.datasets import load_digits

torch.manual_seed(36)
D = load_digits()
X = torch.tensor(D.data, dtype=torch.float32)
X = (X - X.mean()) / X.std()
y = torch.tensor(D.target)
p = torch.randperm(len(X))
X, y = X[p], y[p]
X[:1400] += 0.5 * torch.randn(1400, 64)

net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
sched = ExponentialLR(opt, gamma=1.09)   # per epoch
ce = nn.CrossEntropyLoss()
for epoch in range(60):
    losses = []
    for i in torch.randperm(1400).split(35):
        xb = X[i] + 0.5 * torch.randn(len(i), 64)
        loss = ce(net(xb), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    sched.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            o = net(X[1400:])
        print(f'epoch {epoch + 1} train {sum(losses) / len(losses):.4f} test {ce(o, y[1400:]).item():.4f} acc {(o.argmax(1) == y[1400:]).float().mean().item():.3f}')
