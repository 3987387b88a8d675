import torch, torch.nn as nn
torch.manual_seed(18)
def data(n, T=16):
    v = torch.randn(n, T); m = torch.zeros(n, T)
    m.scatter_(1, torch.stack([torch.randint(0, 8, (n,)), torch.randint(8, T, (n,))], 1), 1.0)
    return torch.stack([v, m], 2), (v * m).sum(1, keepdim=True) / 1.41
class R(nn.Module):
    def __init__(self):
        super().__init__(); self.r = nn.LSTM(2, 32, batch_first=True); self.o = nn.Linear(32, 1)
    def forward(self, x): return self.o(self.r(x)[0][:, -1])
net = R(); opt = torch.optim.Adam(net.parameters(), lr=0.016)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500)
mse = nn.MSELoss()
for s in range(1500):
    x, y = data(64); l = mse(net(x), y)
    opt.zero_grad(); l.backward(); nn.utils.clip_grad_norm_(net.parameters(), 1.0); opt.step(); sch.step()
    if s % 150 == 0: print(s, '%.5f' % l.item())
with torch.no_grad():
    x, y = data(1000); a, b = data(1000); print('train %.5f held-out %.5f' % (mse(net(x), y), mse(net(a), b)))
