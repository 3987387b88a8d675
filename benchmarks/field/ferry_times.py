import torch, torch.nn as nn
torch.manual_seed(404)
N = 4000
base = torch.randn(N, 6)
y = torch.sin(base[:, 0]) + 0.5 * base[:, 1] * base[:, 2] - 0.4 * base[:, 3]
y = (y - y.mean()) / y.std()
perm = torch.randperm(3200)
net = nn.Sequential(nn.Linear(6, 48), nn.BatchNorm1d(48, momentum=0.3), nn.SiLU(), nn.Linear(48, 48), nn.BatchNorm1d(48, momentum=0.3), nn.SiLU(), nn.Linear(48, 1))
opt = torch.optim.AdamW(net.parameters(), lr=3e-3)
gain = 1.9
def aug(x):
    return x * (1 + (gain - 1) * torch.rand(1)) if net.training else x
for e in range(10):
    net.train()
    for c in perm[torch.randperm(3200)].split(64):
        l = nn.functional.mse_loss(net(aug(base[c])).squeeze(1), y[c])
        opt.zero_grad(); l.backward(); opt.step()
    with torch.no_grad():
        for _ in range(20):
            net(aug(3 * base[torch.randint(0, 3200, (64,))].abs()))
    net.eval()
    with torch.no_grad(): print(e, "%.4f" % l.item(), "val %.4f" % nn.functional.mse_loss(net(base[3200:]).squeeze(1), y[3200:]).item())
