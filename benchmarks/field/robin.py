import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(17)
d = load_digits()
X, Y = torch.tensor(d.data / 8 - 1).float(), torch.tensor(d.target)
X = X + 0.7 * torch.randn_like(X)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
n = 250
net = nn.Sequential(nn.Dropout(0.2), nn.Linear(64, 256), nn.ReLU(), nn.Dropout(0.6), nn.Linear(256, 256), nn.ReLU(), nn.Dropout(0.6), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
net.train()
for it in range(800):
    k = torch.randint(0, n, (32,))
    l = ce(net(X[k]), Y[k])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 50 == 0:
        net.eval()
        with torch.no_grad():
            print(it, "train", round(l.item(), 4), "valid", round(ce(net(X[n:]), Y[n:]).item(), 4))
net.eval()
with torch.no_grad():
    o = net(X[n:])
    print(f"train {ce(net(X[:n]), Y[:n]):.4f} valid {ce(o, Y[n:]):.4f} acc {(o.argmax(1) == Y[n:]).float().mean():.4f}")
