import torch
import torch.nn as nn
from sklearn.datasets import make_circles

torch.set_num_threads(1)
torch.manual_seed(106)
X, y = make_circles(3000, noise=0.08, factor=0.5, random_state=0)
X, y = torch.tensor(X).float(), torch.tensor(y).float()


class Field(nn.Module):
    def __init__(self, d, h=48):
        super().__init__()
        self.a, self.b = nn.Linear(d, h), nn.Linear(h, d)

    def forward(self, z):
        return self.b(nn.functional.elu(self.a(z)))


class ODENet(nn.Module):
    def __init__(self, d=4, steps=30, horizon=60.0):
        super().__init__()
        self.lift = nn.Sequential(nn.Linear(2, d), nn.Tanh())
        self.field, self.steps, self.dt = Field(d), steps, horizon / steps
        self.read = nn.Linear(d, 1)

    def forward(self, x):
        z = self.lift(x)
        for _ in range(self.steps):
            z = z + self.dt * self.field(z)
        return self.read(z).squeeze(1)


net = ODENet()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
bce = nn.BCEWithLogitsLoss()
for it in range(1, 801):
    b = torch.randint(0, 2500, (64,))
    loss = bce(net(X[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 80 == 0:
        with torch.no_grad():
            o = net(X[2500:])
        print(it, f'{loss.item():.4f} {bce(o, y[2500:]).item():.4f} {((o > 0) == (y[2500:] > .5)).float().mean().item():.3f}')
