import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1); torch.manual_seed(0)
d = load_digits()
X, Y = torch.tensor(d.images).float()[:, None] / 16, torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.2), nn.Linear(128, 10))
E, B = 10, 50
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
sch = torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, total_steps=E * 28)
for e in range(E):
    net.train()
    for k in torch.randperm(1400).split(B):
        l = nn.functional.cross_entropy(net(X[k]), Y[k])
        opt.zero_grad(); l.backward(); opt.step(); sch.step()
    print(e, l.item())
net.eval()
with torch.no_grad():
    o = net(X[1400:])
    print("train", nn.functional.cross_entropy(net(X[:1400]), Y[:1400]).item(), "test", nn.functional.cross_entropy(o, Y[1400:]).item(), "acc", (o.argmax(1) == Y[1400:]).float().mean().item())
