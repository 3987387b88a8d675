import torch, torch.nn as nn
torch.manual_seed(9)
def batch(n, T=20):
    x = torch.randn(n, T, 3)
    y = torch.stack([x[:, -3:, 0].sum(1), (x[:, :, 1] * 0.9 ** torch.arange(T - 1, -1, -1)).sum(1) / 2, x[:, -1, 2] * x[:, -2, 0]], 1)
    return x, y
class M(nn.Module):
    def __init__(self, h=24):
        super().__init__()
        self.rnn = nn.GRU(3, h, batch_first=True)
        self.head = nn.Linear(h, 3)
        with torch.no_grad():
            for p in self.rnn.parameters():
                p.fill_(0.05)
            self.head.weight.fill_(0.05)
    def forward(self, x):
        o, _ = self.rnn(x)
        return self.head(o[:, -1])
m = M()
opt = torch.optim.Adam(m.parameters(), lr=1e-2)
xv, yv = batch(1000)
for it in range(700):
    x, y = batch(64)
    loss = nn.functional.mse_loss(m(x), y)
    opt.zero_grad(); loss.backward()
    opt.step()
    if it % 100 == 0:
        print('it', it, 'loss', round(loss.item(), 4))
with torch.no_grad():
    xt, yt = batch(1000)
    print('train', round(nn.functional.mse_loss(m(xt), yt).item(), 4), 'held-out', round(nn.functional.mse_loss(m(xv), yv).item(), 4))
