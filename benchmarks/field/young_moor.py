import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, SWALR


class DeepSet(nn.Module):
    def __init__(self):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU())
        self.rho = nn.Sequential(nn.Linear(96, 48), nn.ReLU(), nn.Linear(48, 1))

    def forward(self, s):
        h = self.phi(s)
        return self.rho(torch.cat([h.mean(1), h.amax(1)], 1)).squeeze(1)


def sets(n):
    s = torch.randn(n, 10, 2)
    far = s.norm(dim=2).amax(1)
    return s, far + 0.5 * s[..., 0].mean(1) - 2.3


torch.manual_seed(52)
net = DeepSet()
avg = AveragedModel(net)
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
swa = SWALR(opt, swa_lr=0.01, anneal_epochs=3)
xs, ys = sets(2000)
for epoch in range(20):
    for _ in range(80):
        a, b = sets(64)
        loss = nn.functional.mse_loss(net(a), b)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch >= 12:
        avg.update_parameters(net)
        swa.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            print(epoch, "mse", round(nn.functional.mse_loss(net(xs), ys).item(), 5), "averaged", round(nn.functional.mse_loss(avg(xs), ys).item(), 5), "variance", round(ys.var().item(), 4))
