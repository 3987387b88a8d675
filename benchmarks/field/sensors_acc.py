import torch
from torch import nn

torch.manual_seed(66)
n, d = 6000, 24
mix = torch.randn(d, d) / d ** 0.5
lat = torch.randn(n, d)
X = lat @ mix
y = torch.sin(2 * lat[:, 0]) * lat[:, 1] + lat[:, 2].abs() - 0.5 * lat[:, 3] + 0.1 * torch.randn(n)
y = (y - y.mean()) / y.std()
X = (X - X.mean(0)) / X.std(0)

cfg = {'micro_batch': 3, 'effective_batch': 48, 'lr': 3e-3, 'updates': 900}

def mlp():
    return nn.Sequential(
        nn.Linear(d, 96, bias=False), nn.BatchNorm1d(96), nn.ReLU(),
        nn.Linear(96, 96, bias=False), nn.BatchNorm1d(96), nn.ReLU(),
        nn.Linear(96, 1))

model = mlp()
opt = torch.optim.Adam(model.parameters(), lr=cfg['lr'])
k = cfg['effective_batch'] // cfg['micro_batch']
for u in range(cfg['updates']):
    model.train()
    idx = torch.randint(0, 5000, (cfg['effective_batch'],))
    opt.zero_grad()
    total = 0.
    for part in idx.split(cfg['micro_batch']):
        loss = nn.functional.mse_loss(model(X[part]).squeeze(1), y[part]) / k
        loss.backward()
        total += loss.item()
    opt.step()
    if u % 90 == 89:
        model.eval()
        with torch.no_grad():
            v = nn.functional.mse_loss(model(X[5000:]).squeeze(1), y[5000:]).item()
        print(f'update {u + 1} train {total:.4f} val {v:.4f}')
