import torch
from torch import nn
torch.manual_seed(9)
def gen(n, T=16):
    v = torch.rand(n, T)
    m = torch.zeros(n, T)
    m.scatter_(1, torch.randint(0, T // 2, (n, 1)), 1.0)
    m.scatter_(1, torch.randint(T // 2, T, (n, 1)), 1.0)
    return torch.stack([v * 2 - 1, m], -1), ((v * m).sum(1) - 1) / 0.408
class Adder(nn.Module):
    def __init__(self, h=48):
        super().__init__()
        self.lstm = nn.LSTM(2, h, batch_first=True)
        self.out = nn.Linear(h, 1)
    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1]).squeeze(-1)
m = Adder()
opt = torch.optim.Adam(m.parameters(), lr=5e-3)
rec = []
for step in range(1000):
    x, y = gen(64)
    loss = nn.functional.mse_loss(m(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(m.parameters(), 1.0)
    opt.step()
    rec.append(loss.item())
    if step % 200 == 199: print(step + 1, sum(rec[-50:]) / 50)
with torch.no_grad():
    x, y = gen(2000)
    print('train', sum(rec[-50:]) / 50, 'fresh', nn.functional.mse_loss(m(x), y).item())
