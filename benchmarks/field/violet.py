import torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(21)
N = 6000; Y = (torch.rand(N) < .05).float(); X = torch.randn(N, 10) + Y[:, None] * torch.tensor([2., -1.5, 1.5] + [0] * 7); X[:, 3] = X[:, 3] * (1 + Y)
net = nn.Sequential(nn.Linear(10, 32), nn.ELU(), nn.Linear(32, 16), nn.ELU(), nn.Linear(16, 1))
f = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(10.)); opt = torch.optim.Adagrad(net.parameters(), lr=.02)
for it in range(900):
    k = torch.randint(0, 5000, (100,)); l = f(net(X[k])[:, 0], Y[k]); opt.zero_grad(); l.backward(); opt.step()
    if it % 150 == 0: print(it, l.item())
with torch.no_grad():
    o = net(X[5000:])[:, 0]; t = Y[5000:]; print("train", f(net(X[:5000])[:, 0], Y[:5000]).item(), "test", f(o, t).item(), "recall", ((o > 0) & (t > 0)).sum().item() / t.sum().item(), "acc", ((o > 0).float() == t).float().mean().item())
