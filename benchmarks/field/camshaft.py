import torch
from torch import nn

torch.manual_seed(83)
W = torch.randn(8, 3)
def sensor(n, gain, off):
    z = torch.randn(n, 8)
    target = torch.tanh(z @ W[:, :1]) + 0.4 * (z @ W[:, 1:2]) * torch.sigmoid(z @ W[:, 2:])
    return z * gain + off, target
A, ya = sensor(2500, 1.0, 0.0)
B, yb = sensor(2500, 2.5, 3.0)
sd = ya[:2000].std()
ya, yb = ya / sd, yb / sd

model = nn.Sequential(nn.BatchNorm1d(8), nn.Linear(8, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
loss_fn = nn.MSELoss()
recent = []
for step in range(2000):
    model.train()
    i = torch.randint(0, 2000, (50,))
    xa, ta = (A[i], ya[i]) if step % 2 == 0 else (B[i], yb[i])
    loss = loss_fn(model(xa), ta)
    opt.zero_grad()
    loss.backward()
    opt.step()
    recent.append(loss.item())
    if step % 400 == 399:
        model.eval()
        with torch.no_grad():
            print(step + 1, 'train', sum(recent[-200:]) / 200, 'valid A', loss_fn(model(A[2000:]), ya[2000:]).item(), 'valid B', loss_fn(model(B[2000:]), yb[2000:]).item())
