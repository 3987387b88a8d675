import torch
import torch.nn as nn
import torch.nn.functional as F


class Branch(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.a = nn.Linear(d, d)
        self.b = nn.Linear(d, d)
        nn.init.zeros_(self.b.weight)
        nn.init.zeros_(self.b.bias)

    def forward(self, h):
        return h + self.b(F.silu(self.a(h)))


def truth(x):
    return torch.sin(3 * x[:, :1] + x[:, 1:2]) * torch.cos(2 * x[:, 2:3]) + x[:, 1:2] * x[:, 3:4]


def main():
    torch.manual_seed(46)
    net = nn.Sequential(nn.Linear(4, 64), *[Branch(64) for _ in range(6)], nn.Linear(64, 1))
    opt = torch.optim.Adam(net.parameters(), lr=4e-3)
    n = 2000
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, n)
    probe = torch.rand(2000, 4) * 2 - 1
    for step in range(n):
        x = torch.rand(128, 4) * 2 - 1
        loss = F.mse_loss(net(x), truth(x))
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if step % 200 == 0:
            print(f"step {step} mse {loss.item():.5f}")
    with torch.no_grad():
        print(f"probe mse {F.mse_loss(net(probe), truth(probe)).item():.6f} (variance {truth(probe).var().item():.4f})")


main()
