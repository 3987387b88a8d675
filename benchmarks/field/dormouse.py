import torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(28)
X = torch.randn(2000, 6); risk = X[:, 0] + torch.relu(X[:, 1]) * 1.5 - X[:, 2] ** 2 / 2; t = -torch.log(torch.rand(2000)) / risk.exp(); cen = -torch.log(torch.rand(2000)) * 2; e = (t < cen).float(); t = torch.minimum(t, cen)
net = nn.Sequential(nn.Linear(6, 32), nn.SELU(), nn.Linear(32, 1, bias=False))
def cox(x, t, e): o = t.argsort(descending=True); h = net(x[o])[:, 0]; return -((h - torch.logcumsumexp(h, 0)) * e[o]).sum() / e.sum()
opt = torch.optim.Adam(net.parameters(), lr=3e-3, weight_decay=1e-4)
for it in range(800):
    k = torch.randint(0, 1500, (100,)); l = cox(X[k], t[k], e[k]); opt.zero_grad(); l.backward(); opt.step()
    if it % 160 == 0: print(it, l.item())
with torch.no_grad():
    h = net(X[1500:])[:, 0]; a = t[1500:]; m = (a[:, None] < a[None]) & (e[1500:, None] > 0); print("train", l.item(), "held-out", sum(cox(X[i:i + 100], t[i:i + 100], e[i:i + 100]).item() for i in range(1500, 2000, 100)) / 5, "c-index", ((h[:, None] > h[None]) & m).sum().item() / m.sum().item())
