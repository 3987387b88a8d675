import torch
from torch import nn

torch.manual_seed(90)
X = torch.rand(4000, 6) * 4 - 2
Y = torch.sin(X[:, 0] * X[:, 1]) + torch.cos(X[:, 2]) * X[:, 3] / 2 + 0.3 * X[:, 4] - 0.2 * X[:, 5] ** 2
Y = ((Y - Y.mean()) / Y.std())[:, None]
X = (X - X.mean(0)) / X.std(0)

class Damped(nn.Module):
    def __init__(self, w, scale=0.3):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(w, w), nn.ELU(), nn.Linear(w, w))
        self.scale = scale
    def forward(self, h):
        return self.scale * self.f(h)

class DeepReg(nn.Module):
    def __init__(self, w=40, n=6):
        super().__init__()
        self.inp = nn.Linear(6, w)
        self.blocks = nn.Sequential(*[Damped(w) for _ in range(n)])
        self.out = nn.Linear(w, 1)
    def forward(self, x):
        return self.out(self.blocks(self.inp(x)))

model = DeepReg()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
for epoch in range(20):
    tl = 0
    for b in torch.randperm(3500).split(50):
        loss = nn.functional.mse_loss(model(X[b]), Y[b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        tl += loss.item() / 70
    if epoch % 4 == 3:
        with torch.no_grad():
            print(f'{epoch + 1}: train {tl:.4f} valid {nn.functional.mse_loss(model(X[3500:]), Y[3500:]).item():.4f}')
