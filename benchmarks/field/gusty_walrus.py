import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(35)
x = torch.randn(8000, 5)
log_rate = 0.8 + 0.7 * torch.sin(2 * x[:, 0]) + 0.4 * x[:, 1] * x[:, 2] - 0.3 * x[:, 3].abs()
k = torch.poisson(log_rate.clamp(max=4).exp())
crit = nn.PoissonNLLLoss(log_input=True, full=True)
best = crit(log_rate[6500:].clamp(max=4), k[6500:]).item()
net = nn.Sequential(nn.Linear(5, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1), nn.Flatten(0))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.05, total_iters=20)
for epoch in range(20):
    s = 0
    for b in torch.randperm(6500).split(100):
        loss = crit(net(x[b]), k[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() / 65
    sched.step()
    if epoch % 2:
        with torch.no_grad():
            print(f'epoch {epoch + 1} nll {s:.4f} held-out {crit(net(x[6500:]), k[6500:]).item():.4f} (true rates {best:.4f})')
