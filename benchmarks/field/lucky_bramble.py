import torch
import torch.nn as nn
from sklearn.datasets import load_digits


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = nn.Conv2d(c, c, 3, padding=1)
        self.b = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x):
        return x + self.b(torch.relu(self.a(x)))


def make():
    return nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), Block(12), nn.AvgPool2d(2), Block(12),
                         nn.Flatten(), nn.Linear(12 * 16, 10))


torch.manual_seed(8)
bunch = load_digits()
imgs = torch.tensor(bunch.images).float().unsqueeze(1)
imgs = (imgs - imgs.mean()) / imgs.std()
lab = torch.tensor(bunch.target)
order = torch.randperm(len(imgs))
tr, te = order[:1500], order[1500:]
net = make()
RATE = 0.3
velocity = [torch.zeros_like(p) for p in net.parameters()]
for step in range(600):
    b = tr[torch.randint(0, len(tr), (40,))]
    loss = nn.functional.cross_entropy(net(imgs[b]), lab[b])
    grads = torch.autograd.grad(loss, list(net.parameters()))
    with torch.no_grad():
        for p, v, g in zip(net.parameters(), velocity, grads):
            v.mul_(0.9).add_(g)
            p.sub_(RATE * v)
    if step % 75 == 0:
        print(step, float(loss))
with torch.no_grad():
    print("test acc", (net(imgs[te]).argmax(1) == lab[te]).float().mean().item())
