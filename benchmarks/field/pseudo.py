import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(20)
d = load_digits()
raw = torch.tensor(d.images, dtype=torch.float32)[:, None]
X = (raw - raw.mean()) / raw.std()
Y = torch.tensor(d.target)
p = torch.randperm(len(X))
lab, unl, test = p[:300], p[300:1300], p[1300:]

class Net(nn.Module):
    def __init__(self, c=24):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(c, 2 * c, 3, padding=1, bias=False), nn.BatchNorm2d(2 * c), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.head = nn.Linear(8 * c, 10)
    def forward(self, x):
        return self.head(self.body(x))

def strong(x):
    x = torch.roll(x, (int(torch.randint(-1, 2, ())), int(torch.randint(-1, 2, ()))), (2, 3))
    return x * (0.5 + torch.rand(len(x), 1, 1, 1)) + 0.3 * torch.randn_like(x)

def brighten(x):
    # exposure jitter used to look for confident samples
    return 4 * x + 6 * torch.rand(len(x), 1, 1, 1)

net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(1, 701):
    net.train()
    i = lab[torch.randint(0, 300, (32,))]
    loss = F.cross_entropy(net(X[i]), Y[i])
    u = X[unl[torch.randint(0, 1000, (64,))]]
    if step > 100:
        with torch.no_grad():
            q = net(u).softmax(1)
        conf, ps = q.max(1)
        k = conf > 0.95
        if k.any():
            loss = loss + 0.5 * F.cross_entropy(net(strong(u[k])), ps[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 5 == 0:
        with torch.no_grad():
            conf = torch.cat([net(brighten(X[unl[torch.randint(0, 1000, (64,))]])).softmax(1).max(1).values for _ in range(5)])
            hard = (conf < 0.5).float().mean()
    if step % 70 == 0:
        net.eval()
        with torch.no_grad():
            o = net(X[test])
        print(f'{step} loss {loss.item():.3f} unsure {hard:.2f} test {F.cross_entropy(o, Y[test]).item():.3f} acc {(o.argmax(1) == Y[test]).float().mean().item():.3f}')
