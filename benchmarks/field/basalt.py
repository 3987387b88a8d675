import torch, torch.nn as nn
torch.manual_seed(3)
def blobs(n):
    g = torch.arange(16.)
    c = torch.rand(n, 2, 1, 1) * 10 + 3
    s = 1.5 + 2 * torch.rand(n, 1, 1)
    im = torch.exp(-((g[:, None] - c[:, 0]) ** 2 + (g[None] - c[:, 1]) ** 2) / (2 * s ** 2))[:, None] * 2 - 0.3
    return im + 0.5 * torch.randn_like(im), im
net = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 1, 3, padding=1))
opt = torch.optim.AdamW(net.parameters(), lr=4e-5, weight_decay=1e-4)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 700)
for k in range(700):
    a, b = blobs(24)
    loss = (net(a) - b).square().mean()
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    if k % 70 == 0: print('step %d loss %.4f' % (k, loss.item()))
with torch.no_grad():
    a, b = blobs(400); c, d = blobs(400)
    print('train %.4f held-out %.4f' % ((net(a) - b).square().mean(), (net(c) - d).square().mean()))
