import torch, torch.nn as nn
torch.manual_seed(29)
W = torch.randn(4, 5)
def make(n):
    x = torch.randn(n, 5); k = (x[:, 0] > 0).long() + 2 * (x[:, 1] > 0).long(); return x, (x * W[k]).sum(1, keepdim=True) / 2 + 0.1 * torch.randn(n, 1)
class MoE(nn.Module):
    def __init__(self, E=6):
        super().__init__(); self.g = nn.Sequential(nn.Linear(5, 16), nn.Tanh(), nn.Linear(16, E)); self.e = nn.ModuleList([nn.Linear(5, 1) for _ in range(E)])
    def forward(self, x): return (torch.softmax(self.g(x), 1) * torch.cat([e(x) for e in self.e], 1)).sum(1, keepdim=True)
m = MoE(); opt = torch.optim.RMSprop(m.parameters(), lr=0.004); mse = nn.MSELoss()
for s in range(2000):
    x, y = make(128); l = mse(m(x), y); opt.zero_grad(); l.backward(); opt.step()
    if s % 200 == 0: print(s, '%.4f' % l.item())
with torch.no_grad(): a, b = make(4000); c, d = make(4000); print('noise 0.0100 train %.4f held-out %.4f' % (mse(m(a), b), mse(m(c), d)))
