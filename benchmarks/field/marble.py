import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(91)
N = 2500
Z = torch.randn(N, 12)
Y = torch.tanh(Z[:, 0] * Z[:, 1]) + torch.sin(2 * Z[:, 2]) + 0.05 * torch.randn(N)
X = Z * torch.logspace(-1, 2, 12) + torch.linspace(-100, 100, 12)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.BatchNorm1d(12)
        self.a = nn.Linear(12, 64, bias=False); self.na = nn.BatchNorm1d(64)
        self.b = nn.Linear(64, 64, bias=False); self.nb = nn.BatchNorm1d(64)
        self.o = nn.Linear(64, 1)
    def forward(self, x):
        x = self.inp(x)
        x = torch.relu(self.na(self.a(x)))
        x = torch.relu(self.nb(self.b(x)))
        return self.o(x)[:, 0]
net = Net()
net.eval()
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-3)
for it in range(1500):
    k = torch.randint(0, 2000, (50,))
    loss = nn.functional.smooth_l1_loss(net(X[k]), Y[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 300 == 0:
        print(it, loss.item())
net.eval()
with torch.no_grad():
    print("train", nn.functional.smooth_l1_loss(net(X[:2000]), Y[:2000]).item(), "test", nn.functional.smooth_l1_loss(net(X[2000:]), Y[2000:]).item())
