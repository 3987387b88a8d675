import torch
from torch import nn
torch.manual_seed(71)
torch.set_num_threads(1)
def clouds(n, m=16):
    s = torch.rand(n, 1, 1) * 1.5 + 0.2
    p = torch.randn(n, m, 3) * s + torch.randn(n, 1, 3)
    return p, p.std(1).mean(1)
class DeepSet(nn.Module):
    def __init__(self):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU())
        self.rho = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
    def forward(self, p):
        return self.rho(self.phi(p).mean(1)).squeeze(-1)
P, T = clouds(3000)
Pv, Tv = clouds(600)
net = DeepSet()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, nesterov=True)
for i in range(1000):
    k = torch.randint(0, 3000, (50,))
    opt.zero_grad
    loss = nn.functional.smooth_l1_loss(net(P[k]), T[k])
    loss.backward()
    opt.step()
    if i % 200 == 0:
        print(i, loss.item())
with torch.no_grad():
    print("train", nn.functional.smooth_l1_loss(net(P), T).item(), "val", nn.functional.smooth_l1_loss(net(Pv), Tv).item())
