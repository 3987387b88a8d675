import torch
import torch.nn as nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(31)
dig = load_digits()
X = torch.FloatTensor(dig.images)[:, None] / 16
X = (X - X.mean()) / X.std()
Y = torch.LongTensor(dig.target)
perm = torch.randperm(len(X))
X, Y = X[perm], Y[perm]
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(128, 10))
opt = torch.optim.Adam(net.parameters(), lr=0.2)
ce = nn.CrossEntropyLoss()
step = 0
while step < 400:
    for i in range(0, 1300, 50):
        opt.zero_grad()
        l = ce(net(X[i:i+50]), Y[i:i+50])
        l.backward()
        opt.step()
        if step % 50 == 0: print(step, l.item())
        step += 1
with torch.no_grad():
    o = net(X[1300:])
    print("train", ce(net(X[:1300]), Y[:1300]).item(), "test", ce(o, Y[1300:]).item(), "acc", (o.argmax(1) == Y[1300:]).float().mean().item())
