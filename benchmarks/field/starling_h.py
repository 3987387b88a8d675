import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader
torch.manual_seed(71)
n = 6000
hour = torch.rand(n) * 24; temp = torch.randn(n); weekend = (torch.rand(n) < 2 / 7).float()
rate = torch.exp(0.8 + 0.9 * torch.sin(hour / 24 * 6.283 - 1.5) + 0.4 * temp - 0.6 * weekend * torch.cos(hour / 24 * 6.283))
k = torch.poisson(rate)
F_ = torch.stack([torch.sin(hour / 24 * 6.283), torch.cos(hour / 24 * 6.283), temp, weekend * 2 - 0.57], 1)
dl = DataLoader(TensorDataset(F_[:5000], k[:5000]), batch_size=100, shuffle=True)
net = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
crit = nn.PoissonNLLLoss(log_input=True)
for ep in range(30):
    t = 0
    for x, c in dl:
        l = crit(net(x)[:, 0], c)
        opt.zero_grad(); l.backward(); opt.step()
        t += l.item() / len(dl)
    if ep % 6 == 5:
        with torch.no_grad():
            print(ep + 1, 'train', t, 'test', crit(net(F_[5000:])[:, 0], k[5000:]).item(), 'oracle', crit(rate[5000:].log(), k[5000:]).item())
