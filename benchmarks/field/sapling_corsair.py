import torch
import torch.nn as nn

torch.manual_seed(64)
q = (torch.rand(5000, 3) - 0.5) * 3
L = torch.tensor([1.0, 0.8, 0.5])
ang = q.cumsum(1)
tip = torch.stack([(L * ang.cos()).sum(1), (L * ang.sin()).sum(1)], 1)
tip = (tip - tip.mean(0)) / tip.std(0) + 0.02 * torch.randn_like(tip)


def stage(i, o):
    return [nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU()]


net = nn.Sequential(*stage(3, 64), *stage(64, 64), nn.Linear(64, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500)
for it in range(1500):
    net.train()
    i = torch.randint(0, 4500, (64,))
    loss = nn.functional.mse_loss(net(q[i]), tip[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if it % 150 == 149:
        net.eval()
        with torch.no_grad():
            print(it + 1, loss.item(), nn.functional.mse_loss(net(q[4500:]), tip[4500:]).item())
