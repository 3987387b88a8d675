import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(322)
d = load_digits()
X = torch.tensor((d.images - d.images.mean()) / d.images.std()).float().unsqueeze(1); Y = torch.tensor(d.target)
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.GroupNorm(4, 16), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.GroupNorm(4, 32), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(128, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.8)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1400)
for e in range(4):
    for c in torch.randperm(1400).split(4):
        l = nn.functional.cross_entropy(net(X[c]), Y[c]); opt.zero_grad(); l.backward(); opt.step(); sch.step()
    with torch.no_grad(): o = net(X[1400:]); print(e, "train", nn.functional.cross_entropy(net(X[:1400]), Y[:1400]).item(), "test", nn.functional.cross_entropy(o, Y[1400:]).item(), (o.argmax(1) == Y[1400:]).float().mean().item())
