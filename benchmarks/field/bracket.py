import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(14)
dg = load_digits()
X = torch.tensor(dg.data / 16.0, dtype=torch.float32)
X = (X - X.mean()) / X.std()
cls = torch.tensor(dg.target)
# centre of ink, in standard units
img = torch.tensor(dg.images, dtype=torch.float32)
cols = torch.arange(8.)
cx = (img.sum(1) * cols).sum(1) / img.sum((1, 2))
cy = (img.sum(2) * cols).sum(1) / img.sum((1, 2))
pos = torch.stack([cx, cy], 1)
pos = (pos - pos.mean(0)) / pos.std(0)
perm = torch.randperm(len(X)); X, cls, pos = X[perm], cls[perm], pos[perm]

class TwoHead(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(64, 64), nn.ReLU())
        self.cls_h = nn.Linear(64, 32)
        self.cls_o = nn.Linear(32, 10)
        self.pos_h = nn.Linear(64, 32)
        self.pos_o = nn.Linear(32, 2)
    def forward(self, x):
        h = self.trunk(x)
        return self.cls_o(torch.relu(self.cls_h(h))), self.pos_o(torch.relu(self.pos_h(h)))

net = TwoHead()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
ce, mse = nn.CrossEntropyLoss(), nn.MSELoss()
W_CLS, W_POS = 1.0, 0.0003
for ep in range(40):
    for b in torch.randperm(1440).split(48):
        a, c = net(X[b])
        loss = W_CLS * ce(a, cls[b]) + W_POS * mse(c, pos[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if ep % 10 == 9:
        with torch.no_grad():
            a, c = net(X[1440:]); at, ct = net(X[:1440])
            print(ep + 1, 'train ce %.4f pos %.4f' % (ce(at, cls[:1440]), mse(ct, pos[:1440])), 'test ce %.4f pos %.4f' % (ce(a, cls[1440:]), mse(c, pos[1440:])))
