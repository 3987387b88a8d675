import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(24)
raw = load_digits()
x = torch.tensor(raw.images, dtype=torch.float32).unsqueeze(1).div(16).sub(0.3).div(0.37)
y = torch.tensor(raw.target)
shuffle = torch.randperm(len(y))
x, y = x[shuffle], y[shuffle]
MICRO, ACCUM = 2, 16


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), nn.ReLU(), nn.Flatten())
        self.fc = nn.Sequential(nn.Linear(256, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
                                nn.Linear(64, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU())
        self.out = nn.Linear(32, 10)

    def forward(self, t):
        return self.out(self.fc(self.conv(t)))


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(8):
    net.train()
    perm = torch.randperm(1312)
    opt.zero_grad()
    mean = 0.0
    for n, b in enumerate(perm.split(MICRO)):
        loss = nn.functional.cross_entropy(net(x[b]), y[b]) / ACCUM
        loss.backward()
        mean += loss.item() * ACCUM
        if (n + 1) % ACCUM == 0:
            opt.step()
            opt.zero_grad()
    net.eval()
    with torch.no_grad():
        out = net(x[1312:])
    print(f"epoch {epoch} train {mean / (n + 1):.3f} test loss {nn.functional.cross_entropy(out, y[1312:]):.4f} test accuracy {(out.argmax(1) == y[1312:]).float().mean():.4f}")
