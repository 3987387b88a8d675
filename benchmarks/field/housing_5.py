import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, SWALR
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(60)
n = 3000
area, rooms, age, dist = 60 + 40 * torch.rand(n), torch.randint(1, 7, (n,)).float(), 80 * torch.rand(n), torch.distributions.Exponential(0.2).sample((n,))
zone = torch.randint(0, 6, (n,))
zone_factor = torch.tensor([0.8, 1.0, 1.1, 1.4, 0.9, 1.7])
price = area * 2.2 * zone_factor[zone] * (1 - 0.003 * age) * torch.exp(-0.05 * dist) + 8 * rooms
price = price * torch.exp(0.08 * torch.randn(n))
num = torch.stack([area, rooms, age, dist.log1p()], 1)
num = (num - num.mean(0)) / num.std(0)
X = torch.cat([num, nn.functional.one_hot(zone, 6).float()], 1)
y = price.log()
y = (y - y.mean()) / y.std()
dl = DataLoader(TensorDataset(X[:2400], y[:2400]), batch_size=48, shuffle=True, drop_last=True)
model = nn.Sequential(nn.Linear(10, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 1))
swa = AveragedModel(model)
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.3)
swa_sched = SWALR(opt, swa_lr=1e-3, anneal_epochs=3)
huber = nn.SmoothL1Loss(beta=0.5)
for epoch in range(36):
    tot = 0
    for xb, yb in dl:
        loss = huber(model(xb).squeeze(1), yb)
        opt.zero_grad(); loss.backward(); opt.step()
        tot += loss.item()
    if epoch >= 20:
        swa.update_parameters(model)
        swa_sched.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            a = huber(model(X[2400:]).squeeze(1), y[2400:]).item()
            b = huber(swa(X[2400:]).squeeze(1), y[2400:]).item() if epoch >= 20 else float('nan')
        print(f'epoch {epoch + 1} train {tot / len(dl):.4f} val {a:.4f}' + (f' averaged {b:.4f}' if epoch >= 20 else ''))
