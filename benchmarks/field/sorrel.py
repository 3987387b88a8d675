import torch, torch.nn as nn
torch.manual_seed(6)
class RNN(nn.Module):
    def __init__(self, h=32):
        super().__init__()
        self.i = nn.Linear(2, h)
        self.W = nn.Parameter(torch.eye(h) * 1.4)
        self.o = nn.Linear(h, 1)
        nn.init.normal_(self.i.weight, std=0.1)
        nn.init.zeros_(self.i.bias)
    def forward(self, x):
        h = torch.zeros(len(x), 32)
        for t in range(x.shape[1]):
            h = torch.relu(self.i(x[:, t]) + h @ self.W)
        return self.o(h)
def data(n, T=20):
    v = torch.rand(n, T) * 2 - 1
    m = torch.zeros(n, T)
    m.scatter_(1, torch.stack([torch.randint(0, T // 2, (n,)), torch.randint(T // 2, T, (n,))], 1), 1.0)
    return torch.stack([v, m], 2), (v * m).sum(1, keepdim=True) * 1.2
net = RNN()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for k in range(1500):
    x, y = data(64)
    loss = nn.functional.mse_loss(net(x), y)
    opt.zero_grad(); loss.backward()
    opt.step()
    if k % 150 == 0: print('it', k, 'loss', loss.item())
with torch.no_grad():
    x, y = data(1000); a, c = data(1000)
    print('train %.4f held-out %.4f' % (nn.functional.mse_loss(net(x), y), nn.functional.mse_loss(net(a), c)))
