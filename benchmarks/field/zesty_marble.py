import torch
import torch.nn as nn

torch.manual_seed(34)
t = torch.arange(9000).float()
series = torch.sin(0.21 * t) * (1 + 0.4 * torch.sin(0.017 * t)) + 0.5 * torch.sin(0.53 * t + 1) + 0.1 * torch.randn(9000)
series = (series - series.mean()) / series.std()
L = 32
win = series.unfold(0, L + 1, 1)
train, valid = win[:7000], win[7100:]
net = nn.Sequential(nn.Conv1d(1, 16, 5), nn.ReLU(), nn.Conv1d(16, 16, 5, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 12, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.005, momentum=0.9)
sched = torch.optim.lr_scheduler.CyclicLR(opt, base_lr=0.003, max_lr=0.04, step_size_up=250, mode="triangular2", cycle_momentum=False)


def mse(w):
    return nn.functional.mse_loss(net(w[:, None, :-1]), w[:, -1:])


for step in range(2500):
    loss = mse(train[torch.randint(0, len(train), (64,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 250 == 249:
        with torch.no_grad():
            print(f"step {step + 1} train {loss.item():.4f} valid {mse(valid).item():.4f} lr {opt.param_groups[0]['lr']:.4f}")
