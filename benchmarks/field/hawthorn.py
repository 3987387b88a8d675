import torch
from torch import nn
from torch.utils.data import DataLoader
torch.set_num_threads(1)
torch.manual_seed(45)
X = torch.randn(1600, 7)
Y = (X @ torch.randn(7, 1)) + torch.relu(X[:, :1] * 2) + 0.1 * torch.randn(1600, 1)
Y = (Y - Y.mean()) / Y.std()
def loaders(bs):
    return zip(DataLoader(X[:1300], bs, shuffle=True), DataLoader(Y[:1300], bs, shuffle=True))
net = nn.Sequential(nn.Linear(7, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1))
opt = torch.optim.NAdam(net.parameters(), lr=2e-3)
for e in range(12):
    tot, c = 0.0, 0
    for a, b in loaders(26):
        l = nn.functional.l1_loss(net(a), b)
        opt.zero_grad(); l.backward(); opt.step()
        tot += l.item(); c += 1
    if e % 3 == 0: print(e, tot / c)
with torch.no_grad():
    print("train", tot / c, "held-out", nn.functional.l1_loss(net(X[1300:]), Y[1300:]).item())
