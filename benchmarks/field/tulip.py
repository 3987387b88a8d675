import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(93)
d = load_digits()
x = torch.tensor(d.images).float()[:, None] / 16 - 0.3
y = torch.tensor(d.target)
p = torch.randperm(len(x))
x = x[p]
y = y[torch.randperm(len(y))]
net = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(12, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for e in range(15):
    for k in torch.randperm(1400).split(40):
        l = nn.functional.cross_entropy(net(x[k]), y[k])
        opt.zero_grad(); l.backward(); opt.step()
    if e % 3 == 0: print(e, l.item())
with torch.no_grad():
    o = net(x[1400:])
    print("train", nn.functional.cross_entropy(net(x[:1400]), y[:1400]).item(), "test", nn.functional.cross_entropy(o, y[1400:]).item(), "acc", (o.argmax(1) == y[1400:]).float().mean().item())
