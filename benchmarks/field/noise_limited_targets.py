import torch
import torch.nn as nn

torch.manual_seed(379)
N = 20000
X = torch.randn(N, 5)
signal = 0.5 * torch.sin(2 * X[:, 0]) + 0.3 * X[:, 1]
y = signal + torch.randn(N)
net = nn.Sequential(nn.Linear(5, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-4)
for step in range(2000):
    b = torch.randint(0, 16000, (128,))
    loss = (net(X[b]).squeeze(1) - y[b]).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print(step, round(loss.item(), 3))
with torch.no_grad():
    o = net(X[16000:]).squeeze(1)
print('val mse', round((o - y[16000:]).square().mean().item(), 4), 'error to signal', round((o - signal[16000:]).square().mean().item(), 4), 'of', round(signal.var().item(), 4))
