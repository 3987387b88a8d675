import torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(20)
X = torch.randn(6000, 4); f = torch.tanh(X[:, 0]) + .5 * X[:, 1]; Y = f + torch.randn(6000)
net = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.3)
for it in range(800):
    k = torch.randint(0, 5000, (128,)); l = (net(X[k])[:, 0] - Y[k]).pow(2).mean(); opt.zero_grad(); l.backward(); opt.step()
    if it % 160 == 0: print(it, l.item())
with torch.no_grad(): print("train", (net(X[:5000])[:, 0] - Y[:5000]).pow(2).mean().item(), "test", (net(X[5000:])[:, 0] - Y[5000:]).pow(2).mean().item(), "vs clean", (net(X[5000:])[:, 0] - f[5000:]).pow(2).mean().item())
