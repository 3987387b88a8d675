import torch
from torch import nn

torch.manual_seed(47)
B, T = 400, 60
r = 3.6 + 0.35 * torch.rand(B)
s = torch.rand(B)
rows = []
for _ in range(T + 20):
    s = r * s * (1 - s)
    rows.append(s)
series = torch.stack(rows[20:], 1)
series = (series - series.mean()) / series.std()
W = 4
windows = series.unfold(1, W, 1)[:, :-1]
nxt = series[:, W:]
nxt = nxt.roll(1, 0)
xs, ys = windows.reshape(-1, W), nxt.reshape(-1, 1)
xs, ys = xs.contiguous(), ys.contiguous()
n = len(xs) * 4 // 5

model = nn.Sequential(nn.Linear(W, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))
opt = torch.optim.Adadelta(model.parameters(), lr=1.0)
for it in range(1500):
    k = torch.randint(0, n, (100,))
    loss = nn.functional.mse_loss(model(xs[k]), ys[k])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 250 == 0:
        print("iteration", it, "mse", round(loss.item(), 4))
with torch.no_grad():
    print("held-out mse", round(nn.functional.mse_loss(model(xs[n:]), ys[n:]).item(), 4))
