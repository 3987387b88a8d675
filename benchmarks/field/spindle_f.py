import torch, torch.nn as nn
torch.manual_seed(19)
def make(n):
    y = torch.randint(0, 3, (n,))
    g = torch.arange(12.)
    f = torch.tensor([0.5, 0.9, 1.4])[y][:, None, None]
    im = torch.sin(f * g[:, None] + 6.28 * torch.rand(n, 1, 1)) * torch.ones(1, 1, 12) * 0.5 + 1.0 * torch.randn(n, 12, 12)
    lab = torch.where(torch.rand(n) < 0.1, torch.randint(0, 3, (n,)), y)
    return im[:, None], lab
xt, yt = make(150)
xv, yv = make(1000)
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(288, 64), nn.ReLU(), nn.Linear(64, 3))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
for s in range(500):
    i = torch.randint(0, len(xt), (50,))
    loss = ce(net(xt[i]), yt[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 50 == 0:
        with torch.no_grad(): print('step %d train %.4f held-out %.4f' % (s, loss.item(), ce(net(xv), yv)))
with torch.no_grad():
    print('train %.4f held-out %.4f acc %.4f' % (ce(net(xt), yt), ce(net(xv), yv), (net(xv).argmax(1) == yv).float().mean()))
