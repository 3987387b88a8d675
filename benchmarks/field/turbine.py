import torch
from torch import nn
torch.manual_seed(5)
n = 5000
temp = 300 + 15 * torch.randn(n)
pres = 101.3 + 4 * torch.randn(n)
rpm = 40 + 6 * torch.randn(n)
hum = torch.rand(n)
z = lambda v: (v - v.mean()) / v.std()
y = z(temp) * z(rpm) * 0.6 + torch.sin(1.5 * z(pres)) + (hum - 0.5) * z(temp) + 0.1 * torch.randn(n)
y = z(y)[:, None]
X = torch.stack([temp, pres, rpm, hum], 1)

tr = torch.utils.data.TensorDataset(X[:4000], y[:4000])
loader = torch.utils.data.DataLoader(tr, batch_size=80, shuffle=True)
class Reg(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(4, 64)
        self.l2 = nn.Linear(64, 64)
        self.l3 = nn.Linear(64, 1)
    def forward(self, x):
        return self.l3(torch.relu(self.l2(torch.relu(self.l1(x)))))
model = Reg()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for ep in range(14):
    for a, b in loader:
        loss = nn.functional.mse_loss(model(a), b)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f'epoch {ep} mse {loss.item():.4f}')
with torch.no_grad():
    f = lambda s: nn.functional.mse_loss(model(X[s]), y[s]).item()
    print(f'train {f(slice(0,4000)):.4f} held-out {f(slice(4000,None)):.4f}')
