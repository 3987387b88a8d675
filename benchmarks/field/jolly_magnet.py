import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(45)
d = load_digits()
feats = torch.tensor((d.data - d.data.mean()) / d.data.std(), dtype=torch.float32)
cls = torch.tensor(d.target)
mix = torch.randperm(len(cls))
feats, cls = feats[mix], cls[mix]


def weights_init(m):
    if isinstance(m, nn.Linear):
        m.weight.data.normal_(0.0, 0.01)
        m.bias.data.fill_(0)


net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
net.apply(weights_init)
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
ce = nn.CrossEntropyLoss()
for ep in range(25):
    accum = 0.0
    for k in range(0, 1400, 35):
        out = net(feats[k:k + 35])
        loss = ce(out, cls[k:k + 35])
        net.zero_grad()
        loss.backward()
        opt.step()
        accum += loss.item() / 40
    if ep % 3 == 0:
        with torch.no_grad():
            out = net(feats[1400:])
        print('epoch %d: %.4f %.4f %.3f' % (ep, accum, ce(out, cls[1400:]).item(), (out.argmax(1) == cls[1400:]).float().mean().item()))
