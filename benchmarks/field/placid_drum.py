import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(74)
d = load_digits()
x = torch.tensor(d.images[:, None] / 16, dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
                               nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c))

    def forward(self, x):
        return torch.relu(x + self.f(x))


net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), Residual(16),
                    nn.MaxPool2d(2), Residual(16), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(64, 10))
decay = [p for p in net.parameters() if p.dim() > 1]
plain = [p for p in net.parameters() if p.dim() == 1]
opt = torch.optim.SGD([{"params": decay, "weight_decay": 5e-4}, {"params": plain}], lr=0.5)
sched = torch.optim.lr_scheduler.StepLR(opt, 5, 0.3)
for epoch in range(15):
    net.train()
    for b in torch.randperm(1400).split(100):
        loss = nn.functional.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    net.eval()
    with torch.no_grad():
        o = net(x[1400:])
        v = nn.functional.cross_entropy(o, y[1400:]).item()
    print("epoch", epoch, "train", round(loss.item(), 4), "valid", round(v, 4))
print("accuracy", (o.argmax(1) == y[1400:]).float().mean().item())
