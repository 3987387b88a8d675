import torch, torch.nn as nn
torch.manual_seed(13)
def gen(n, T=12):
    x = torch.randn(n, T, 2)
    return x, (x[..., 0] * 0.85 ** torch.arange(T - 1., -1, -1)).sum(1, keepdim=True) / 1.8 + x[:, -1:, 1]
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.GRU(2, 24, batch_first=True); self.o = nn.Linear(24, 1)
    def forward(self, x): return self.o(self.g(x)[0][:, -1])
m = M()
opt = torch.optim.Adam(m.parameters(), lr=5e-3)
slow = [p.detach().clone() for p in m.parameters()]
K, alpha = 5, 0.5
xv, yv = gen(1000)
for s in range(900):
    x, y = gen(64)
    loss = nn.functional.mse_loss(m(x), y)
    opt.zero_grad(); loss.backward(); opt.step()
    if s % K == K - 1:
        with torch.no_grad():
            for w, p in zip(slow, m.parameters()):
                p.copy_(w)
                w.add_(alpha * (p - w))
    if s % 90 == 0: print(s, round(loss.item(), 4))
with torch.no_grad():
    x, y = gen(1000)
    print('train', round(nn.functional.mse_loss(m(x), y).item(), 4), 'held-out', round(nn.functional.mse_loss(m(xv), yv).item(), 4))
