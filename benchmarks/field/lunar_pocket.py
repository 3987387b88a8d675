import torch
from torch import nn

torch.manual_seed(31)
C, N, BANDS = 6, 5000, 30
mean = torch.randn(C, BANDS) * 0.22
base = torch.randn(BANDS, BANDS) / BANDS ** 0.5
cls = torch.randint(0, C, (N,))
spec = mean[cls] + torch.randn(N, BANDS) @ base
spec = (spec - spec[:4000].mean(0)) / spec[:4000].std(0)


class BandNet(nn.Module):
    def __init__(self, width=64, mom=0.1):
        super().__init__()
        self.stack = nn.Sequential(
            nn.Linear(BANDS, width, bias=False), nn.BatchNorm1d(width, momentum=mom), nn.ReLU(),
            nn.Linear(width, width, bias=False), nn.BatchNorm1d(width, momentum=mom), nn.ReLU(),
            nn.Linear(width, width, bias=False), nn.BatchNorm1d(width, momentum=mom), nn.ReLU(),
        )
        self.top = nn.Linear(width, C)

    def forward(self, x):
        return self.top(self.stack(x))


net = BandNet(mom=2e-4)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)


def evaluate():
    net.eval()
    with torch.no_grad():
        o = net(spec[4000:])
    net.train()
    return nn.functional.cross_entropy(o, cls[4000:]).item(), (o.argmax(1) == cls[4000:]).float().mean().item()


for step in range(700):
    i = torch.randint(0, 4000, (100,))
    loss = nn.functional.cross_entropy(net(spec[i]), cls[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, "train", round(loss.item(), 4), "eval", evaluate())
print("final eval loss, acc", evaluate())
