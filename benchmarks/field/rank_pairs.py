import torch, torch.nn as nn
torch.manual_seed(510)
X = torch.randn(3000, 8); rel = X[:, 0] + torch.relu(X[:, 1]) - 0.5 * X[:, 2] * X[:, 3] + 0.2 * torch.randn(3000)
net = nn.Sequential(nn.Linear(8, 64), nn.LeakyReLU(0.1), nn.Linear(64, 64), nn.LeakyReLU(0.1), nn.Linear(64, 1))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
def pair_loss(i, j):
    s = torch.sign(rel[i] - rel[j]); d = net(X[i])[:, 0] - net(X[j])[:, 0]; return nn.functional.margin_ranking_loss(d, torch.zeros_like(d), s, margin=1.0), (d * s > 0).float().mean()
ti, tj = torch.randint(2400, 3000, (2000,)), torch.randint(2400, 3000, (2000,))
for s in range(400):
    for k in range(2):
        l, _ = pair_loss(torch.randint(0, 2400, (64,)), torch.randint(0, 2400, (64,))); (l / 2).backward()
    opt.step(); opt.zero_grad()
    if s % 40 == 39:
        with torch.no_grad(): tl, ta = pair_loss(ti, tj); print(s + 1, "%.4f" % l.item(), "test %.4f order acc %.4f" % (tl.item(), ta.item()))
