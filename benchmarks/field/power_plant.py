import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split
torch.manual_seed(33)
n = 4000
temp = 15 + 8 * torch.randn(n)            # degrees C
pres = 1013 + 6 * torch.randn(n)          # hPa
hum = 40 + 60 * torch.rand(n)             # percent
vac = 54 + 12 * torch.randn(n)            # cm Hg
power = 454 - 1.6 * (temp - 15) + 0.3 * (pres - 1013) - 0.12 * (hum - 70) - 0.3 * (vac - 54) + 0.05 * (temp - 15) * (hum - 70) / 10 + 1.5 * torch.randn(n)
X = torch.stack([temp, pres, hum, vac], 1)
Y = ((power - power.mean()) / power.std()).unsqueeze(1)
full = TensorDataset(X, Y)
tr, te = random_split(full, [3200, 800], generator=torch.Generator().manual_seed(0))
loader = DataLoader(tr, 64, shuffle=True)
test = DataLoader(te, 800)
net = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for ep in range(20):
    s = 0
    for x, y in loader:
        l = nn.functional.mse_loss(net(x), y)
        opt.zero_grad(); l.backward(); opt.step()
        s += l.item()
    if ep % 2 == 1:
        x, y = next(iter(test))
        with torch.no_grad():
            print(f"epoch {ep + 1}  train mse {s / len(loader):.4f}  test mse {nn.functional.mse_loss(net(x), y).item():.4f}")
