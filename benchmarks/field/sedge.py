import torch, torch.nn as nn
torch.manual_seed(4)
class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.lin = nn.Linear(d, d)
    def forward(self, x):
        return torch.tanh(self.lin(x))
class Net(nn.Module):
    def __init__(self, d=16, depth=4):
        super().__init__()
        self.inp = nn.Linear(6, d)
        self.blocks = [Block(d) for _ in range(depth)]
        self.out = nn.Linear(d, 1)
    def forward(self, x):
        x = torch.tanh(self.inp(x))
        for b in self.blocks:
            x = b(x)
        return self.out(x)
x = torch.randn(4000, 6)
y = (x[:, 0] * x[:, 1] + torch.sin(2 * x[:, 2]) * x[:, 3] + x[:, 4])[:, None]
y = (y - y.mean()) / y.std()
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
for step in range(1500):
    i = torch.randint(0, 3200, (100,))
    loss = nn.functional.mse_loss(net(x[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 150 == 0: print(step, round(loss.item(), 4))
with torch.no_grad():
    print('train', round(nn.functional.mse_loss(net(x[:3200]), y[:3200]).item(), 4), 'held-out', round(nn.functional.mse_loss(net(x[3200:]), y[3200:]).item(), 4))
