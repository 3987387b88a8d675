import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(405)
d = load_digits()
X = torch.tensor((d.data - d.data.mean()) / d.data.std()).float(); Y = torch.tensor(d.target)
mods, w = [], 64
for _ in range(8):
    mods += [nn.Linear(w, 48, bias=False), nn.BatchNorm1d(48), nn.ReLU()]; w = 48
net = nn.Sequential(*mods, nn.Linear(48, 10))
def check():
    was = net.training
    net.eval()
    with torch.no_grad(): o = net(X[1400:])
    return nn.functional.cross_entropy(o, Y[1400:]).item(), (o.argmax(1) == Y[1400:]).float().mean().item()
print("before", check())
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for s in range(400):
    i = torch.randint(0, 1400, (64,))
    l = nn.functional.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 50 == 49:
        print(s + 1, "train %.4f" % l.item(), "test", check())
