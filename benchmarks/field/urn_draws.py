import torch
from torch import nn
torch.manual_seed(160)
N = 20000
X = torch.randn(N, 20)
W = torch.randn(20, 6) / 20 ** 0.5 * 2.0
pr = (X @ W + torch.sin(2 * X[:, :6])).softmax(1)
y = torch.multinomial(pr, 1).squeeze(1)
net = nn.Sequential(nn.Linear(20, 64), nn.SiLU(), nn.Linear(64, 6))
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
bs = 2
for s in range(2500):
    i = torch.randint(0, 16000, (bs,))
    l = nn.functional.cross_entropy(net(X[i]), y[i])
    opt.zero_grad()
    l.backward()
    opt.step()
    if s % 250 == 249:
        with torch.no_grad():
            print(s + 1, "train", nn.functional.cross_entropy(net(X[:16000]), y[:16000]).item(), "test", nn.functional.cross_entropy(net(X[16000:]), y[16000:]).item())
