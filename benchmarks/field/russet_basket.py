import math, torch
import torch.nn as nn


def signals(n):
    t = torch.linspace(0, 1, 48)
    kind = torch.randint(0, 4, (n,))
    f = torch.tensor([2., 4., 2., 4.])[kind][:, None]
    ph = torch.rand(n, 1) * 2 * math.pi
    s = torch.sin(2 * math.pi * f * t + ph)
    s = torch.where((kind >= 2)[:, None], torch.sign(s) * 0.8, s)
    return (s + 0.4 * torch.randn(n, 48)).unsqueeze(1), kind


class Net1d(nn.Module):
    def __init__(self, momentum):
        super().__init__()
        self.conv_a = nn.Conv1d(1, 16, 7, padding=3, bias=False)
        self.bn_a = nn.BatchNorm1d(16, momentum=momentum)
        self.conv_b = nn.Conv1d(16, 32, 5, stride=2, padding=2, bias=False)
        self.bn_b = nn.BatchNorm1d(32, momentum=momentum)
        self.fc = nn.Linear(32, 4)

    def forward(self, x):
        x = self.bn_a(self.conv_a(x)).relu()
        x = self.bn_b(self.conv_b(x)).relu()
        return self.fc(x.mean(-1))


torch.manual_seed(29)
xt, yt = signals(1500)
net = Net1d(momentum=0.0005)
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
loss_fn = nn.CrossEntropyLoss()
for step in range(1, 901):
    net.train()
    x, y = signals(64)
    opt.zero_grad()
    loss = loss_fn(net(x), y)
    loss.backward()
    opt.step()
    if step % 150 == 0:
        net.eval()
        with torch.no_grad():
            o = net(xt)
        print(f"step {step} train loss {loss.item():.4f} test loss {loss_fn(o, yt).item():.4f} test acc {(o.argmax(1) == yt).float().mean().item():.4f}")
