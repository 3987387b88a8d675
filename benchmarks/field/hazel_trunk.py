import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(9)
digits = load_digits()
X = torch.tensor(digits.data).float()
X = (X - X.mean(0)) / (X.std(0) + 0.1)
y = torch.tensor(digits.target)
perm = torch.randperm(len(X))
X, y = X[perm], y[perm]
Xa, ya, Xb, yb = X[:1400], y[:1400], X[1400:], y[1400:]


class SlopedTanh(nn.Module):
    def __init__(self, slope):
        super().__init__()
        self.slope = slope

    def forward(self, x):
        return torch.tanh(self.slope * x)


slope = 40.0
net = nn.Sequential(
    nn.Linear(64, 48), SlopedTanh(slope),
    nn.Linear(48, 48), SlopedTanh(slope),
    nn.Linear(48, 48), SlopedTanh(slope),
    nn.Linear(48, 10))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(40):
    for k in torch.randperm(1400).split(50):
        loss = loss_fn(net(Xa[k]), ya[k])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            o = net(Xb)
            print(f"epoch {epoch + 1:2d} train {loss_fn(net(Xa), ya).item():.4f} valid {loss_fn(o, yb).item():.4f} acc {(o.argmax(1) == yb).float().mean().item():.4f}")
