import torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(27)
X = torch.rand(4000, 1) * 4 - 2; Y = torch.sin(2 * X) + (.1 + .3 * (X + 2) / 4) * torch.randn(4000, 1); q = torch.tensor([[.1, .5, .9]])
net = nn.Sequential(nn.Linear(1, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 3)); opt = torch.optim.NAdam(net.parameters(), lr=2e-3)
def pin(x, y): e = y - net(x); return torch.maximum(q * e, (q - 1) * e).mean()
for it in range(1500):
    k = torch.randint(0, 3200, (64,)); l = pin(X[k], Y[k]); opt.zero_grad(); l.backward(); opt.step()
    if it % 300 == 0: print(it, l.item())
with torch.no_grad(): print("train", pin(X[:3200], Y[:3200]).item(), "held-out", pin(X[3200:], Y[3200:]).item(), "coverage", ((Y[3200:] > net(X[3200:])[:, :1]) & (Y[3200:] < net(X[3200:])[:, 2:])).float().mean().item())
