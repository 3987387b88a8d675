import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(2)
bunch = load_digits()
img = torch.tensor(bunch.images).float()[:, None] / 8 - 1
lab = torch.tensor(bunch.target)
p = torch.randperm(len(img))
tr, te = p[:1300], p[1300:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.ModuleDict({
            'c1': nn.Conv2d(1, 8, 3, padding=1),
            'c2': nn.Conv2d(8, 16, 3, padding=1, stride=2),
            'fc': nn.Linear(256, 64),
        })
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        x = F.leaky_relu(self.body['c1'](x))
        x = F.leaky_relu(self.body['c2'](x))
        x = F.leaky_relu(self.body['fc'](x.flatten(1)))
        return self.head(x)


net = Net()
opt = torch.optim.SGD([
    {'params': net.body.parameters(), 'lr': 1e-5},
    {'params': net.head.parameters(), 'lr': 0.02},
], momentum=0.9)
for ep in range(1, 31):
    tot = 0
    order = tr[torch.randperm(1300)]
    for b in order.split(26):
        loss = F.cross_entropy(net(img[b]), lab[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 50
    if ep % 3 == 0:
        with torch.no_grad():
            o = net(img[te])
        print(f'ep {ep} {tot:.4f} {F.cross_entropy(o, lab[te]).item():.4f} {(o.argmax(1) == lab[te]).float().mean().item():.3f}')
