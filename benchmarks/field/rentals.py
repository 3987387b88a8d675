import numpy as np
import torch
import torch.nn as nn

rng = np.random.RandomState(3)
torch.manual_seed(3)
# hourly rental counts from weather and time of day
n = 5000
hour = rng.randint(0, 24, n)
temp = rng.normal(15, 8, n)
wind = rng.gamma(2., 3., n)
weekend = rng.binomial(1, 2 / 7, n)
rate = np.exp(1.6 + 0.9 * np.sin((hour - 7) / 24 * 2 * np.pi) + 0.03 * temp - 0.04 * wind + 0.3 * weekend * np.cos(hour / 24 * 2 * np.pi))
count = rng.poisson(rate)
feats = np.column_stack([np.sin(hour / 24 * 2 * np.pi), np.cos(hour / 24 * 2 * np.pi), (temp - 15) / 8, (wind - 6) / 4.2, weekend])
feats = torch.tensor(feats, dtype=torch.float32)
count = torch.tensor(count, dtype=torch.float32)

class CountNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(5, 32), nn.SiLU(), nn.Linear(32, 32), nn.SiLU())
        self.log_rate = nn.Linear(32, 1)
        nn.init.constant_(self.log_rate.bias, float(count[:4000].mean().log()))

    def forward(self, x):
        return self.log_rate(self.body(x)).squeeze(-1)

net = CountNet()
nll = nn.PoissonNLLLoss(log_input=True, full=True)
opt = torch.optim.NAdam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=5, gamma=0.5)
for epoch in range(14):
    perm = torch.randperm(4000)
    for k in range(0, 4000, 50):
        sel = perm[k:k + 50]
        opt.zero_grad()
        loss = nll(net(feats[sel]), count[sel])
        loss.backward()
        opt.step()
    sched.step()
    print("epoch %2d nll %.4f lr %g" % (epoch, loss.item(), opt.param_groups[0]["lr"]))
with torch.no_grad():
    const = count[:4000].mean().log().expand(1000)
    print("test nll %.4f constant %.4f" % (nll(net(feats[4000:]), count[4000:]), nll(const, count[4000:])))
