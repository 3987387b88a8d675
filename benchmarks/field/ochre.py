import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(66)
d = load_digits()
X, Y = torch.tensor(d.data / 16 - 0.3).float(), torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
loader = DataLoader(TensorDataset(X[:1400], Y[:1400]), batch_size=1400, shuffle=True)
net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05)
for ep in range(160):
    for a, b in loader:
        opt.zero_grad()
        l = nn.functional.cross_entropy(net(a), b)
        l.backward()
        opt.step()
    if ep % 40 == 0: print(ep, l.item())
with torch.no_grad():
    o = net(X[1400:])
    print("train", nn.functional.cross_entropy(net(X[:1400]), Y[:1400]).item(), "test", nn.functional.cross_entropy(o, Y[1400:]).item(), "acc", (o.argmax(1) == Y[1400:]).float().mean().item())
