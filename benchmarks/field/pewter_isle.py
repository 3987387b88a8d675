import torch
import torch.nn as nn

torch.manual_seed(87)


def clouds(n, M=20):
    size = torch.randint(5, M + 1, (n,))
    mask = (torch.arange(M)[None] < size[:, None]).float()
    scale = torch.rand(n, 1, 1) * 1.5 + 0.3
    pts = torch.randn(n, M, 2) * scale * torch.tensor([1.0, 0.5]) + torch.randn(n, 1, 2)
    mean = (pts * mask[..., None]).sum(1) / size[:, None]
    var = (((pts - mean[:, None]) ** 2) * mask[..., None]).sum(1) / size[:, None]
    return pts, mask, torch.log(var.sum(1))


class DeepSet(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(2, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU())
        self.rho = nn.Sequential(nn.Linear(h, h), nn.ReLU(), nn.Linear(h, 1))

    def forward(self, p, m):
        z = (self.phi(p) * m[..., None]).sum(1) / m.sum(1, keepdim=True)
        return self.rho(z)[:, 0]


net = DeepSet()
opt = torch.optim.NAdam(net.parameters(), lr=1e-3)
for step in range(2500):
    p, m, t = clouds(64)
    loss = nn.functional.huber_loss(net(p, m), t)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 400 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    p, m, t = clouds(2000)
    print("test mse %.4f variance %.4f" % ((net(p, m) - t).square().mean(), t.var()))
