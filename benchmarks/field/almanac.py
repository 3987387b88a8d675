import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader
torch.manual_seed(210)
n = 2400
feats = torch.randn(n, 9)
yields = feats[:, 0] * 1.5 - feats[:, 1] ** 2 + feats[:, 2] * feats[:, 3] + 0.1 * torch.randn(n)
yields = (yields - yields.mean()) / yields.std()
class Plots(Dataset):
    def __init__(self, ids): self.ids = ids
    def __len__(self): return len(self.ids)
    def __getitem__(self, k):
        return feats[self.ids[k]], yields[int(torch.randint(0, n, (1,)))]
ids = torch.randperm(n)
tr, te = DataLoader(Plots(ids[:2000]), batch_size=80, shuffle=True), ids[2000:]
net = nn.Sequential(nn.Linear(9, 40), nn.ELU(), nn.Linear(40, 40), nn.ELU(), nn.Linear(40, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for ep in range(16):
    tot = 0
    for x, y in tr:
        l = nn.functional.l1_loss(net(x).squeeze(1), y)
        opt.zero_grad(); l.backward(); opt.step(); tot += l.item()
    if ep % 3 == 0:
        with torch.no_grad():
            print(ep, tot / len(tr), "test", nn.functional.l1_loss(net(feats[te]).squeeze(1), yields[te]).item())
