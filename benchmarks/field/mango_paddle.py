import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(52)
n = 4000
temp = 20 + 5 * torch.randn(n)
flow = torch.exp(0.5 * torch.randn(n))
vib = torch.randn(n).abs() ** 1.5
alarm = (torch.rand(n) < 0.06).float()
mode = torch.randint(0, 3, (n,)).float()
X = torch.stack([temp, flow, vib, alarm, mode], 1)
y = 0.1 * (temp - 20) * flow + torch.tanh(vib) * (mode - 1) + 1.5 * alarm + 0.1 * torch.randn(n)


def standardise(b):
    centre = b.median(0).values
    spread = (b - centre).abs().mean(0)
    return (b - centre) / spread


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.seq = nn.Sequential(nn.Linear(5, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1))

    def forward(self, b):
        return self.seq(standardise(b))[:, 0]


net = Net()
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
dl = DataLoader(TensorDataset(X[:3200], y[:3200]), batch_size=128, shuffle=True)
for epoch in range(25):
    s = 0.0
    for xb, yb in dl:
        opt.zero_grad()
        loss = (net(xb) - yb).pow(2).mean()
        loss.backward()
        opt.step()
        s += loss.item()
    if epoch % 5 == 0:
        print("epoch", epoch, "mse", s / len(dl))
with torch.no_grad():
    print("test mse", (net(X[3200:]) - y[3200:]).pow(2).mean().item(), "variance", y[3200:].var().item())
