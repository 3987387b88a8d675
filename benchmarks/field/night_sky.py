import torch
import torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(90)
d = load_digits()
X = torch.tensor((d.data - d.data.mean()) / d.data.std(), dtype=torch.float32)
Y = torch.tensor(d.target)
class Sky(nn.Module):
    def __init__(self, n=40):
        super().__init__()
        self.h = nn.Linear(64, n)
        self.o = nn.Linear(n, 10)
    def forward(self, x):
        return self.o(torch.sigmoid(self.h(x)))
net = Sky()
nn.init.normal_(net.h.weight, std=1.6)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for s in range(1200):
    i = torch.randint(0, 1400, (32,))
    l = nn.functional.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 150 == 149:
        with torch.no_grad():
            o = net(X[1400:])
        print(s + 1, f"{l.item():.4f} test {nn.functional.cross_entropy(o, Y[1400:]).item():.4f} acc {(o.argmax(1) == Y[1400:]).float().mean().item():.4f}")
