import torch
from torch import nn

torch.manual_seed(13)
Q = torch.tensor([0.1, 0.5, 0.9])
n = 5000
dow = torch.randint(0, 7, (n,))
price, promo, temp = torch.randn(n), (torch.rand(n) < 0.2).float(), torch.randn(n)
season = torch.rand(n) * 6.283
demand = 1.5 * torch.sin(season) - 0.9 * price + 1.8 * promo * (1 - 0.3 * price) + 0.3 * (dow > 4) + 0.4 * temp ** 2
demand = demand + (0.2 + 0.5 * promo) * torch.randn(n)
x = torch.cat([torch.stack([price, promo, temp, season.sin(), season.cos()], 1), nn.functional.one_hot(dow, 7).float()], 1)
y = ((demand - demand.mean()) / demand.std()).unsqueeze(1)


def pinball(pred, target):
    e = target - pred
    return torch.maximum(Q * e, (Q - 1) * e).sum(1).mean()


model = nn.Sequential(nn.Linear(12, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 3))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=10, gamma=0.7)
EPOCHS = 40
for epoch in range(EPOCHS):
    tot = 0
    for idx in torch.randperm(4000).split(100):
        loss = pinball(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        tot += loss.item()
    
    if epoch % 4 == 3:
        with torch.no_grad():
            print(f'epoch {epoch + 1} train {tot / 40:.4f} valid {pinball(model(x[4000:]), y[4000:]).item():.4f}')
