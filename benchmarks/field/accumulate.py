import torch
import torch.nn as nn

torch.manual_seed(4)
def physics(n):
    x = torch.rand(n, 6) * 2 - 1
    y = torch.exp(x[:, 0]) * x[:, 1] + torch.sin(3 * x[:, 2]) + x[:, 3] * x[:, 4] * x[:, 5]
    return x, (y + 0.05 * torch.randn(n))[:, None]

x, y = physics(5000)
xv, yv = physics(1000)
net = nn.Sequential(nn.Linear(6, 80), nn.LayerNorm(80), nn.SiLU(), nn.Linear(80, 80), nn.SiLU(), nn.Linear(80, 1))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-3)
ACC = 4
step = 0
for epoch in range(24):
    opt.zero_grad()
    tot = 0
    for k, i in enumerate(torch.randperm(5000).split(10)):
        loss = nn.functional.mse_loss(net(x[i]), y[i])
        (loss / ACC).backward()
        tot += loss.item()
        if (k + 1) % ACC == 0:
            opt.step()
            opt.zero_grad()
            step += 1
    with torch.no_grad():
        print(f'epoch {epoch} updates {step} train {tot / 500:.4f} held-out {nn.functional.mse_loss(net(xv), yv).item():.4f}')
