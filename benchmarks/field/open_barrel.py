import torch
import torch.nn as nn

torch.manual_seed(40)
torch.set_num_threads(1)


def sets(n, m=12):
    x = torch.randn(n, m, 3)
    w = torch.softmax(2 * x[..., 0], 1)
    return x, (w * (x[..., 1] + x[..., 2].abs())).sum(1)


class SetModel(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(3, d), nn.ReLU(), nn.Linear(d, d))
        self.score = nn.Linear(d, 1)
        self.rho = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, 1))

    def forward(self, x):
        h = self.phi(x)
        a = torch.softmax(self.score(h), 1)
        return self.rho((a * h).sum(1)).squeeze(1)


train_x, train_y = sets(4000)
val_x, val_y = sets(1000)
model = SetModel()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
warmup = 1000
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda k: min(1.0, k / warmup) * 1e-4)
for epoch in range(25):
    total = 0.0
    for idx in torch.randperm(4000).split(80):
        loss = nn.functional.mse_loss(model(train_x[idx]), train_y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() / 50
    if epoch % 3 == 0:
        with torch.no_grad():
            print(f'{epoch:3d} {total:.4f} {nn.functional.mse_loss(model(val_x), val_y).item():.4f}')
