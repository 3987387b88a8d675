import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(20)
n = 3000
X = torch.randn(n, 8)
Y = torch.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] + 0.5 * X[:, 3].abs() + 0.05 * torch.randn(n)
Y = ((Y - Y.mean()) / Y.std()).unsqueeze(1)


class Layer(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.BatchNorm1d(d)
        self.f = nn.Sequential(nn.Linear(d, d), nn.SiLU(), nn.Linear(d, d))

    def forward(self, h):
        return h + self.f(self.norm(h))


class Net(nn.Module):
    def __init__(self, d=40):
        super().__init__()
        self.inp = nn.Linear(8, d)
        self.layers = nn.Sequential(Layer(d), Layer(d), Layer(d))
        self.out = nn.Linear(d, 1)

    def forward(self, x):
        return self.out(self.layers(self.inp(x)))


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
for epoch in range(6):
    net.train()
    tr = 0.0
    for b in torch.randperm(2400).split(3):
        loss = F.mse_loss(net(X[b]), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tr += loss.item() / 800
    net.eval()
    with torch.no_grad():
        print(f"epoch {epoch} train {tr:.4f} valid {F.mse_loss(net(X[2400:]), Y[2400:]).item():.4f}")
