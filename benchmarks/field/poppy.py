import torch
import torch.nn as nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(101)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32)[:, None] / 16
Y = torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(), nn.MaxPool2d(2))
net = nn.Sequential(block(1, 16), block(16, 32), nn.Flatten(), nn.Linear(128, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
ce = nn.CrossEntropyLoss()
for e in range(8):
    net.train()
    for k in torch.randperm(1400).split(56):
        opt.zero_grad()
        l = ce(net(X[k]), Y[k])
        l.backward(); opt.step()
    print(e, l.item())
net.eval()
with torch.no_grad():
    o = net(X[1400:])
    print("params", sum(q.numel() for q in net.parameters()), "train", ce(net(X[:1400]), Y[:1400]).item(), "test", ce(o, Y[1400:]).item(), "acc", (o.argmax(1) == Y[1400:]).float().mean().item())
