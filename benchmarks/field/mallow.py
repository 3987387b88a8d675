import torch, torch.nn as nn
import torch.nn.functional as F
torch.manual_seed(1)
n = 24000
X = torch.randn(n, 10)
W = torch.randn(10, 6)
s = torch.tanh(X @ W) @ torch.randn(6, 4) * 1.5
y = s.argmax(1)
flip = torch.rand(n) < 0.35
y = torch.where(flip, torch.randint(0, 4, (n,)), y)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(10, 64); self.l2 = nn.Linear(64, 64); self.l3 = nn.Linear(64, 4)
    def forward(self, x):
        return self.l3(F.relu(self.l2(F.relu(self.l1(x)))))
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
bs = 2
for k in range(2000):
    i = torch.randint(0, 20000, (bs,))
    loss = F.cross_entropy(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if k % 200 == 0:
        print(f'step {k} loss {loss.item():.4f}')
with torch.no_grad():
    print(f'train {F.cross_entropy(net(X[:20000]), y[:20000]):.4f} held-out {F.cross_entropy(net(X[20000:]), y[20000:]):.4f} acc {(net(X[20000:]).argmax(1) == y[20000:]).float().mean():.4f}')
