import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(7)
N, D, TAGS = 6000, 32, 60
proto = torch.randn(D, TAGS)
x = torch.randn(N, D)
score = x @ proto / D ** 0.5
y = (score + 0.3 * torch.randn(N, TAGS) > 1.95).float()
print("positive share", y.mean().item())


class Tagger(nn.Module):
    def __init__(self, d, t, width=96):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.out = nn.Linear(width, t)
        nn.init.constant_(self.out.bias, 4.0)

    def forward(self, z):
        return self.out(self.trunk(z))


model = Tagger(D, TAGS)
crit = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
loader = DataLoader(TensorDataset(x[:5000], y[:5000]), batch_size=100, shuffle=True)
for epoch in range(6):
    tot = 0.0
    for xb, yb in loader:
        loss = crit(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    print(f"epoch {epoch} train {tot / len(loader):.4f}")
with torch.no_grad():
    print(f"test bce {crit(model(x[5000:]), y[5000:]).item():.4f}")
