import torch
from torch import nn
torch.manual_seed(89)
H = 12
class Hyper(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(2, 48), nn.ReLU())
        self.w1, self.b1, self.w2 = nn.Linear(48, H), nn.Linear(48, H), nn.Linear(48, H)
        self.b2 = nn.Linear(48, 1)
        for m in (self.w1, self.b1, self.w2, self.b2):
            nn.init.normal_(m.weight, std=0.08)
            nn.init.normal_(m.bias, std=0.5)
    def forward(self, c, x):
        h = self.trunk(c)
        a = torch.tanh(x * self.w1(h) + self.b1(h))
        return (a * self.w2(h)).sum(1, keepdim=True) / H ** 0.5 + self.b2(h)
def data(n):
    c = torch.rand(n, 2) * 2 - 1; x = torch.rand(n, 1) * 4 - 2
    return c * 1.7, x, torch.sin((1 + 0.5 * c[:, :1]) * x) * (1 + c[:, 1:]) 
net = Hyper()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, 1000, 0.4)
rec = []
for it in range(2500):
    c, x, y = data(64)
    l = (net(c, x) - y).pow(2).mean()
    opt.zero_grad(); l.backward(); opt.step(); sched.step()
    rec.append(l.item())
    if it % 500 == 499: print(it + 1, sum(rec[-100:]) / 100)
with torch.no_grad():
    c, x, y = data(3000)
    print('train', sum(rec[-100:]) / 100, 'fresh', (net(c, x) - y).pow(2).mean().item(), 'variance', y.var().item())
