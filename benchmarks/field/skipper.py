import torch, torch.nn as nn
from sklearn.datasets import make_friedman2
torch.manual_seed(6)
X, y = make_friedman2(4000, noise=20.0, random_state=6)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor((y - y.mean()) / y.std()).float().unsqueeze(1)
class Res(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.n = nn.LayerNorm(d); self.a = nn.Linear(d, 2 * d); self.b = nn.Linear(2 * d, d)
        nn.init.zeros_(self.b.weight); nn.init.zeros_(self.b.bias)
    def forward(self, x):
        return x + self.b(torch.nn.functional.gelu(self.a(self.n(x))))
net = nn.Sequential(nn.Linear(4, 48), *[Res(48) for _ in range(4)], nn.LayerNorm(48), nn.Linear(48, 1))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 500)
for s in range(500):
    i = torch.randint(0, 3200, (64,))
    l = nn.functional.mse_loss(net(X[i]), y[i])
    opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if s % 100 == 99:
        with torch.no_grad():
            print(s + 1, "train", round(l.item(), 5), "test", round(nn.functional.mse_loss(net(X[3200:]), y[3200:]).item(), 5))
