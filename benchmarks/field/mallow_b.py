import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(8)
torch.set_num_threads(1)

def shapes(n):
    img = 0.3 * torch.randn(n, 1, 16, 16)
    lab = torch.randint(0, 3, (n,))
    for j in range(n):
        r, c = torch.randint(1, 8, (2,)).tolist()
        if lab[j] == 0:
            img[j, 0, r:r + 7, c:c + 7] += 1
        elif lab[j] == 1:
            img[j, 0, r:r + 7, c + 3] += 1; img[j, 0, r + 3, c:c + 7] += 1
        else:
            for q in range(7):
                img[j, 0, r + q, c + q] += 1; img[j, 0, r + q, c + 6 - q] += 1
    return img, lab

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 12, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1))
        self.classifier = nn.Linear(12, 3)
    def forward(self, x):
        z = self.features(x).flatten(1)
        return self.classifier(z.detach())

X, Y = shapes(1500)
Xt, Yt = shapes(500)
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for ep in range(12):
    for k in torch.randperm(1500).split(30):
        opt.zero_grad()
        loss = F.cross_entropy(net(X[k]), Y[k])
        loss.backward()
        opt.step()
    if ep % 3 == 0:
        print(ep, loss.item())
with torch.no_grad():
    o = net(Xt)
    print(f"train loss {F.cross_entropy(net(X), Y):.4f} test loss {F.cross_entropy(o, Yt):.4f} test acc {(o.argmax(1) == Yt).float().mean():.4f}")
