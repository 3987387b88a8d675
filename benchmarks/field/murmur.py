import torch
import torch.nn as nn
torch.manual_seed(7)
t = torch.linspace(0, 1, 48)
def waves(n):
    f = torch.rand(n, 1) * 3 + 1
    ph = torch.rand(n, 1) * 6.28
    a = torch.rand(n, 1) + 0.5
    return a * torch.sin(6.28 * f * t + ph) * 1.3 + 0.02 * torch.randn(n, 48)
data, test = waves(4000), waves(800)
class AE(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.ModuleList([nn.Linear(48, 96), nn.Linear(96, 48), nn.Linear(48, 6)])
        self.dec = nn.ModuleList([nn.Linear(6, 48), nn.Linear(48, 96), nn.Linear(96, 48)])
        for m in list(self.enc) + list(self.dec):
            nn.init.xavier_normal_(m.weight, gain=0.2)
            nn.init.zeros_(m.bias)
    def forward(self, x):
        for m in self.enc[:-1]:
            x = torch.relu(m(x))
        x = self.enc[-1](x)
        for m in self.dec[:-1]:
            x = torch.relu(m(x))
        return self.dec[-1](x)
ae = AE()
opt = torch.optim.SGD(ae.parameters(), lr=0.2, momentum=0.9, nesterov=True)
for step in range(1000):
    b = data[torch.randint(0, len(data), (64,))]
    loss = ((ae(b) - b) ** 2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 200 == 0: print(f'{step:5d} {loss.item():.5f}')
with torch.no_grad():
    print(f'train {((ae(data)-data)**2).mean().item():.5f} held-out {((ae(test)-test)**2).mean().item():.5f}')
