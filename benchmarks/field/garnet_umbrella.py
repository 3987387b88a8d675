import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(36)
L = 64


def signals(n):
    kind = torch.randint(0, 5, (n,))
    t = torch.arange(L).float()[None]
    base = 0.2 * torch.randn(n, 1) + 0.6 * torch.randn(n, L)
    pos = torch.randint(8, L - 20, (n, 1)).float()
    shapes = [torch.zeros(n, L), (t > pos).float() * 0.8, torch.exp(-((t - pos) / 3) ** 2) * 1.6,
              torch.sin(t / 2 + pos) * 0.6, ((t - pos).clamp(min=0) / 30)]
    s = torch.stack(shapes, 1)[torch.arange(n), kind]
    return 20 + 4 * (base + s)[:, None], kind


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        m = 0.001
        self.norm_in = nn.BatchNorm1d(1, momentum=m)
        self.c1, self.b1 = nn.Conv1d(1, 16, 7, padding=3, bias=False), nn.BatchNorm1d(16, momentum=m)
        self.c2, self.b2 = nn.Conv1d(16, 32, 5, padding=2, bias=False), nn.BatchNorm1d(32, momentum=m)
        self.fc = nn.Linear(32, 5)

    def forward(self, x):
        x = self.norm_in(x)
        x = F.max_pool1d(F.relu(self.b1(self.c1(x))), 2)
        x = F.max_pool1d(F.relu(self.b2(self.c2(x))), 2)
        return self.fc(x.amax(2))


xtr, ytr = signals(3000)
xte, yte = signals(1000)
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(8):
    net.train()
    hit = 0
    for b in torch.randperm(3000).split(50):
        out = net(xtr[b])
        loss = F.cross_entropy(out, ytr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        hit += (out.argmax(1) == ytr[b]).sum().item()
    net.eval()
    with torch.no_grad():
        o = net(xte)
    print(f"epoch {epoch} train acc {hit / 3000:.4f} test loss {F.cross_entropy(o, yte):.4f} test acc {(o.argmax(1) == yte).float().mean():.4f}")
