import torch, torch.nn as nn
torch.manual_seed(17)
x = torch.randn(5000, 7)
t = x[:, 0] + torch.sin(2 * x[:, 1]) + 0.5 * x[:, 2] * x[:, 3] + 0.1 * torch.randn(5000)
t = (t - t.mean()) / t.std()
net = nn.Sequential(nn.Linear(7, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=2.5e-3)
def objective(idx):
    pred = net(x[idx])
    return ((pred - t[idx]) ** 2).mean()
for ep in range(25):
    q = torch.randperm(4000)
    for k in range(0, 4000, 80):
        loss = objective(q[k:k+80])
        opt.zero_grad(); loss.backward(); opt.step()
    if ep % 3 == 0: print('epoch', ep, 'loss', round(loss.item(), 4))
with torch.no_grad():
    print('train', round(objective(torch.arange(4000)).item(), 4), 'held-out', round(objective(torch.arange(4000, 5000)).item(), 4))
