import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(40)
d = load_digits()
X, y = torch.tensor(d.data / 16 - 0.5).float(), torch.tensor(d.target)
perm = torch.randperm(len(y))
tr, te = perm[:1300], perm[1300:]
net = nn.Sequential(nn.Linear(64, 50), nn.Tanh(), nn.Linear(50, 10))
lossf = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for it in range(800):
    b = tr[torch.randint(0, len(tr), (32,))]
    out = net(X[b])
    loss = lossf(out, y[b])
    loss.backward()
    opt.step()
    if it % 100 == 0:
        print(it, loss.item())
with torch.no_grad():
    o = net(X[te])
    print("train", lossf(net(X[tr]), y[tr]).item(), "test", lossf(o, y[te]).item(), "acc", (o.argmax(1) == y[te]).float().mean().item())
