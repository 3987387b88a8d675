import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(2)
motifs = torch.randn(5, 9) * 1.3
def make(n):
    y = torch.randint(0, 5, (n,))
    x = torch.randn(n, 50) * 0.7
    pos = torch.randint(0, 41, (n,))
    idx = pos[:, None] + torch.arange(9)
    x.scatter_add_(1, idx, motifs[y])
    return x[:, None], y
class Detector(nn.Module):
    def __init__(self, gate):
        super().__init__()
        self.c1 = nn.Conv1d(1, 24, 9, padding=4)
        self.c2 = nn.Conv1d(24, 24, 5, padding=2)
        self.fc = nn.Linear(24, 5)
        self.gate = gate
    def forward(self, x):
        x = F.relu(self.c1(x) - self.gate)
        x = F.relu(self.c2(x) - self.gate)
        return self.fc(x.amax(2))
net = Detector(1.0)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
xv, yv = make(1000)
for k in range(700):
    x, y = make(64)
    loss = F.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if k % 70 == 0: print('step', k, 'loss', round(loss.item(), 4))
with torch.no_grad():
    xt, yt = make(1000)
    print('train', round(F.cross_entropy(net(xt), yt).item(), 4), 'held-out', round(F.cross_entropy(net(xv), yv).item(), 4), 'acc', round((net(xv).argmax(1) == yv).float().mean().item(), 4))
