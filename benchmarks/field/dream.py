import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(14)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32)[:, None] / 8 - 1
Y = torch.tensor(d.target)
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ELU(), nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ELU(), nn.Flatten(), nn.Linear(512, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(600):
    i = torch.randint(0, 1797, (32,))
    loss = F.cross_entropy(net(X[i] + 0.3 * torch.randn(32, 1, 8, 8)), Y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 150 == 149:
        print('classifier', step + 1, round(loss.item(), 4))
for p in net.parameters():
    p.requires_grad_(False)

canvas = (0.1 * torch.randn(40, 1, 8, 8)).requires_grad_()
want = torch.arange(40) % 10
opt = torch.optim.Adam([canvas], lr=0.02)
tv = lambda x: (x[..., 1:] - x[..., :-1]).square().mean() + (x[..., 1:, :] - x[..., :-1, :]).square().mean()
for step in range(1200):
    img = torch.tanh(canvas)
    sh = torch.roll(img, int(torch.randint(-1, 2, ())), 3)
    loss = F.cross_entropy(net(sh), want) + 0.3 * tv(img)
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 200 == 0 or step == 1199:
        with torch.no_grad():
            print('dream', step, round(loss.item(), 4), 'hit', (net(torch.tanh(canvas)).argmax(1) == want).float().mean().item())
