import torch
import torch.nn as nn
torch.manual_seed(31)
N = 3000
X = torch.randn(N, 10)
w = torch.randn(10)
y = torch.tanh(X @ w / 2) + 0.5 * (X[:, 0] * X[:, 1]) + 0.8 * torch.randn(N)
Xt = torch.randn(1000, 10)
yt = torch.tanh(Xt @ w / 2) + 0.5 * (Xt[:, 0] * Xt[:, 1])

net = nn.Sequential(nn.Linear(10, 40), nn.Tanh(), nn.Linear(40, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.02)
B = 1
for step in range(3000):
    i = torch.randint(0, N, (B,))
    loss = ((net(X[i]).squeeze(1) - y[i]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 299:
        with torch.no_grad():
            print(step + 1, "train", ((net(X).squeeze(1) - y) ** 2).mean().item(), "test (clean)", ((net(Xt).squeeze(1) - yt) ** 2).mean().item())
