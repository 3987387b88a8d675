import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(412)
d = load_digits()
X = torch.tensor((d.images - d.images.mean()) / d.images.std()).float().unsqueeze(1); Y = torch.tensor(d.target)
X = X + 1.2 * torch.randn_like(X)
ntr = 250
net = nn.Sequential(nn.Conv2d(1, 24, 3, padding=1), nn.ReLU(), nn.Conv2d(24, 24, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(216, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
def ev(): 
    with torch.no_grad(): o = net(X[1200:]); return nn.functional.cross_entropy(o, Y[1200:]).item(), (o.argmax(1) == Y[1200:]).float().mean().item()
for e in range(60):
    for c in torch.randperm(ntr).split(25):
        l = nn.functional.cross_entropy(net(X[c]), Y[c]); opt.zero_grad(); l.backward(); opt.step()
    if e % 5 == 4: print(e + 1, "train %.4f" % l.item(), "val %.4f acc %.4f" % ev())
