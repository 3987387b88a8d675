import torch
from torch import nn
from sklearn.datasets import make_friedman3

X, y = make_friedman3(5000, noise=0.05, random_state=58)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32).unsqueeze(1)
torch.manual_seed(58)


class Branch(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.up, self.down = nn.Linear(d, 2 * d), nn.Linear(2 * d, d)
        nn.init.zeros_(self.down.weight)
        nn.init.zeros_(self.down.bias)

    def forward(self, x):
        return x + self.down(nn.functional.gelu(self.up(x)))


net = nn.Sequential(nn.Linear(4, 48), *[Branch(48) for _ in range(6)], nn.Linear(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, 500, 0.4)
for s in range(1500):
    k = torch.randint(0, 4000, (64,))
    loss = nn.functional.mse_loss(net(X[k]), y[k])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if s % 200 == 0:
        print(s, round(loss.item(), 5))
with torch.no_grad():
    print("test mse", round(nn.functional.mse_loss(net(X[4000:]), y[4000:]).item(), 5))
