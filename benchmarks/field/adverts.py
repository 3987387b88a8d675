import torch
import torch.nn as nn

torch.manual_seed(44)
DT = torch.bfloat16
n = 6000
x = torch.randn(n, 20)
w1 = torch.randn(20, 12) / 20 ** 0.5
y = torch.tanh(2 * x @ w1).pow(2) @ (torch.randn(12) / 2) + 0.5 * x[:, 0]
y = (y - y.mean()) / y.std()
xtr, ytr, xte, yte = x[:5000], y[:5000], x[5000:], y[5000:]

model = nn.Sequential(nn.Linear(20, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(), nn.Linear(128, 1)).to(DT)
opt = torch.optim.Adam(model.parameters(), lr=1e-4)

def mse(a, b):
    return (model(a.to(DT)).float().squeeze(1) - b).pow(2).mean()

for epoch in range(120):
    perm = torch.randperm(5000)
    tot = 0
    for j in perm.split(100):
        loss = mse(xtr[j], ytr[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    if epoch % 12 == 0 or epoch == 119:
        with torch.no_grad():
            print('epoch', epoch, 'train', round(tot / 50, 4), 'test', round(mse(xte, yte).item(), 4))
