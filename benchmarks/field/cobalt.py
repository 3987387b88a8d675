import torch
import torch.nn as nn
torch.manual_seed(14)
class SeqNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(1, 16, 5, padding=2)
        self.conv2 = nn.Conv1d(16, 16, 5, padding=2)
        self.fc = nn.Linear(16, 3)
    def features(self, x):
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))
        return x.mean(2)
    def forward(self, x):
        f = self.features(x).detach()
        return self.fc(f)
def make(n):
    y = torch.randint(0, 3, (n,))
    t = torch.arange(40.)
    w = torch.tensor([0.5, 0.8, 1.2])[y][:, None]
    s = torch.sin(w * t + torch.rand(n, 1) * 6.28) + 0.9 * torch.randn(n, 40)
    return s[:, None], y
x, y = make(3000); xv, yv = make(600)
net = SeqNet()
opt = torch.optim.Adam(net.parameters(), lr=8e-3)
ce = nn.CrossEntropyLoss()
for ep in range(12):
    q = torch.randperm(3000)
    for k in range(0, 3000, 60):
        j = q[k:k+60]
        loss = ce(net(x[j]), y[j])
        opt.zero_grad(); loss.backward(); opt.step()
    print('ep', ep, 'loss', round(loss.item(), 4))
with torch.no_grad():
    print('train', round(ce(net(x), y).item(), 4), 'held-out', round(ce(net(xv), yv).item(), 4), 'acc', round((net(xv).argmax(1) == yv).float().mean().item(), 4))
