import argparse
import torch
from torch import nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

p = argparse.ArgumentParser()
p.add_argument('--epochs', type=int, default=2)
p.add_argument('--lr', type=float, default=0.05)
p.add_argument('--batch-size', type=int, default=2)
p.add_argument('--width', type=int, default=16)
args = p.parse_args()
torch.manual_seed(58)


def conv_bn(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o))


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = conv_bn(c, c)
        self.b = conv_bn(c, c)

    def forward(self, x):
        return torch.relu(x + self.b(torch.relu(self.a(x))))


class TinyResNet(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.stem = conv_bn(1, w)
        self.blocks = nn.Sequential(Block(w), Block(w))
        self.head = nn.Linear(w, 10)

    def forward(self, x):
        x = torch.relu(self.stem(x))
        return self.head(self.blocks(x).mean(dim=(2, 3)))


d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
y = torch.tensor(d.target)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]
train = DataLoader(TensorDataset(x[:1440], y[:1440]), batch_size=args.batch_size, shuffle=True, drop_last=True)
net = TinyResNet(args.width)
opt = torch.optim.SGD(net.parameters(), lr=args.lr, momentum=0.9, weight_decay=1e-4)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, args.epochs)
ce = nn.CrossEntropyLoss()

for ep in range(args.epochs):
    net.train()
    run = 0.
    for xb, yb in train:
        out = net(xb)
        loss = ce(out, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        run += loss.item()
    sched.step()
    net.eval()
    with torch.no_grad():
        out = net(x[1440:])
        vl, va = ce(out, y[1440:]).item(), (out.argmax(1) == y[1440:]).float().mean().item()
    print(f'[{ep}] train {run / len(train):.4f} val {vl:.4f} acc {va:.3f}')
