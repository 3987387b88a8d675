import torch, torch.nn as nn
torch.manual_seed(77)
X = torch.randn(20000, 4)
p = torch.sigmoid(1.2 * X[:, 0] - 0.8 * X[:, 1] * X[:, 0].sign())
y = torch.bernoulli(p)
floor = nn.functional.binary_cross_entropy(p[16000:], y[16000:]).item()
net = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sch = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.02, 1000)
for s in range(1000):
    i = torch.randint(0, 16000, (256,))
    l = nn.functional.binary_cross_entropy_with_logits(net(X[i])[:, 0], y[i])
    opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if s % 100 == 99:
        with torch.no_grad():
            v = nn.functional.binary_cross_entropy_with_logits(net(X[16000:])[:, 0], y[16000:]).item()
        print(s + 1, "train %.4f val %.4f (floor %.4f)" % (l.item(), v, floor))
