import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1); torch.manual_seed(8)
d = load_digits(); X, Y = torch.tensor(d.data / 8 - 1).float(), torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
net = nn.Sequential(nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 10))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
for it in range(500):
    k = torch.randint(0, 1400, (48,))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        l = nn.functional.cross_entropy(net(X[k]), Y[k])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 100 == 0: print(it, l.item())
with torch.no_grad():
    o = net(X[1400:])
    print("train", nn.functional.cross_entropy(net(X[:1400]), Y[:1400]).item(), "test", nn.functional.cross_entropy(o, Y[1400:]).item(), "acc", (o.argmax(1) == Y[1400:]).float().mean().item())
