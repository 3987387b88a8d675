import torch
from torch import nn
torch.manual_seed(5)
class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.a = nn.Linear(d, d)
        self.b = nn.Linear(d, d)
    def forward(self, x):
        return self.b(torch.tanh(self.a(x)))
net = nn.Sequential(nn.Linear(4, 32), *[Block(32) for _ in range(6)], nn.Linear(32, 1))
X = torch.rand(5000, 4) * 3.46 - 1.73
Y = (torch.sin(3 * X[:, 0]) + X[:, 1] * X[:, 2] + 0.3 * X[:, 3])[:, None]
Y = (Y - Y.mean()) / Y.std()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for s in range(1500):
    i = torch.randint(0, 4000, (64,))
    loss = nn.functional.mse_loss(net(X[i]), Y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 150 == 0: print(s, loss.item())
with torch.no_grad():
    print('train %.4f held-out %.4f' % (nn.functional.mse_loss(net(X[:4000]), Y[:4000]), nn.functional.mse_loss(net(X[4000:]), Y[4000:])))
