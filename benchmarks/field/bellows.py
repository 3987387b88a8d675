import torch, torch.nn as nn
torch.manual_seed(5)
X = torch.rand(4000, 5) * 2 - 1
X = X / X.std(0)
Y = (X[:, 0] * X[:, 1] + torch.sin(2 * X[:, 2]) + 0.5 * X[:, 3] ** 2).unsqueeze(1)
Y = (Y - Y.mean()) / Y.std()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(5, 64)
        self.b = nn.Linear(64, 1)
        nn.init.normal_(self.a.weight, std=1.5)
        nn.init.constant_(self.a.bias, 12.0)
    def forward(self, x):
        return self.b(2 * torch.sigmoid(self.a(x)) - 1)
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1.5e-2)
for ep in range(30):
    p = torch.randperm(3200)
    for k in range(0, 3200, 64):
        i = p[k:k+64]
        loss = (net(X[i]) - Y[i]).square().mean()
        opt.zero_grad(); loss.backward(); opt.step()
    if ep % 5 == 0: print('epoch', ep, 'mse', round(loss.item(), 4))
with torch.no_grad():
    print('train', round((net(X[:3200]) - Y[:3200]).square().mean().item(), 4), 'held-out', round((net(X[3200:]) - Y[3200:]).square().mean().item(), 4))
