import torch, torch.nn as nn
torch.manual_seed(7)
N_BLOCKS = 14
class Res(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.f = nn.Linear(d, d)
        nn.init.kaiming_normal_(self.f.weight); nn.init.zeros_(self.f.bias)
    def forward(self, x):
        return x + 1.0 * torch.relu(self.f(x))
net = nn.Sequential(nn.Linear(6, 64), *[Res(64) for _ in range(N_BLOCKS)], nn.Linear(64, 1))
X = torch.randn(6000, 6)
Y = (torch.sin(X[:, 0] * 2) + X[:, 1] * X[:, 2] * 0.5 + X[:, 3].abs())[:, None] + 0.1 * torch.randn(6000, 1)
Y = (Y - Y.mean()) / Y.std()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
mse = nn.MSELoss()
for e in range(14):
    q = torch.randperm(5000)
    for s in range(0, 5000, 100):
        j = q[s:s+100]
        loss = mse(net(X[j]), Y[j])
        opt.zero_grad(); loss.backward()
        opt.step()
    print('epoch', e, 'mse %.4f' % loss.item())
with torch.no_grad():
    print('train %.4f held-out %.4f' % (mse(net(X[:5000]), Y[:5000]), mse(net(X[5000:]), Y[5000:])))
