import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(337)
d = load_digits()
x = torch.tensor(d.images / 16.).float()[:, None]
y = torch.tensor(d.target)
p = torch.randperm(len(y))
x, y = x[p], y[p]
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
                    nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(128, 10))
criterion = nn.CrossEntropyLoss(label_smoothing=0.2)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(20):
    for b in torch.randperm(1400).split(64):
        loss = criterion(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 2 == 0:
        print('epoch', epoch, 'smoothed loss', round(loss.item(), 4))
with torch.no_grad():
    acc = (net(x[1400:]).argmax(1) == y[1400:]).float().mean().item()
print('test accuracy', round(acc, 4))
