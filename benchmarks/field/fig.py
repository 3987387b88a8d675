import copy
import torch
from torch import nn
from sklearn.datasets import load_digits
torch.manual_seed(13)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X).float().view(-1, 1, 8, 8) / 8 - 0.6; y = torch.tensor(y)
p = torch.randperm(len(X)); X, y = X[p], y[p]
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(512, 10))
ema = copy.deepcopy(net).requires_grad_(False)
@torch.no_grad()
def update(decay=0.99):
    for a, b in zip(ema.parameters(), net.parameters()):
        a.lerp_(b, 1 - decay)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True)
ce = nn.CrossEntropyLoss()
for ep in range(15):
    t = 0
    for b in torch.randperm(1408).split(32):
        l = ce(net(X[b]), y[b])
        opt.zero_grad(); l.backward(); opt.step(); update()
        t += l.item() / 44
    if ep % 3 == 2:
        with torch.no_grad():
            print(ep + 1, 'train', t, 'test raw', ce(net(X[1408:]), y[1408:]).item(), 'test ema', ce(ema(X[1408:]), y[1408:]).item())
