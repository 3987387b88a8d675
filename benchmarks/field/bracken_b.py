import torch, math
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(75)
t = torch.arange(2200.) * 0.13
s = torch.sin(t) + 0.4 * torch.cos(3.1 * t) + 0.05 * torch.randn(2200)
X = s.unfold(0, 20, 1)[:-1]; Y = s[20:]
class F(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LSTM(1, 24, batch_first=True); self.o = nn.Linear(24, 1)
    def forward(self, x): return self.o(self.l(x[..., None])[1][0][0])[:, 0]
net = F()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
sch = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=1.0125)
for it in range(600):
    k = torch.randint(0, 1700, (40,))
    l = (net(X[k]) - Y[k]).square().mean()
    opt.zero_grad(); l.backward(); nn.utils.clip_grad_norm_(net.parameters(), 1.0); opt.step(); sch.step()
    if it % 60 == 0: print(it, l.item())
with torch.no_grad():
    print("train", (net(X[:1700]) - Y[:1700]).square().mean().item(), "test", (net(X[1700:]) - Y[1700:]).square().mean().item())
