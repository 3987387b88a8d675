import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

SEED = 41
torch.manual_seed(SEED)
np.random.seed(SEED)
digits = load_digits()
X = torch.from_numpy((digits.data - digits.data.mean()) / digits.data.std()).float()
Y = torch.from_numpy(digits.target)
order = torch.randperm(len(X))
tr, te = order[:1400], order[1400:]


def mlp(width=64, depth=6, act=nn.Sigmoid):
    mods = [nn.Linear(64, width), act()]
    for _ in range(depth - 1):
        mods += [nn.Linear(width, width), act()]
    mods.append(nn.Linear(width, 10))
    net = nn.Sequential(*mods)
    for m in net:
        if isinstance(m, nn.Linear):
            nn.init.xavier_normal_(m.weight)
            nn.init.zeros_(m.bias)
    return net


net = mlp()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for step in range(1500):
    i = tr[torch.randint(0, len(tr), (50,))]
    loss = F.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print("final train", round(F.cross_entropy(net(X[tr]), Y[tr]).item(), 4),
          "test", round(F.cross_entropy(net(X[te]), Y[te]).item(), 4),
          "acc", round((net(X[te]).argmax(1) == Y[te]).float().mean().item(), 4))
