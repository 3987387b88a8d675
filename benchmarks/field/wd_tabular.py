import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

def make(n):
    x = torch.randn(n, 11)
    q = 0.8 * x[:, 0] - 0.5 * x[:, 1] + torch.sin(1.5 * x[:, 2]) + 0.4 * x[:, 3] * x[:, 4] - 0.3 * x[:, 5] ** 2 + 0.3 * torch.randn(n)
    return x, q[:, None]

class Quality(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(11, 64), nn.Linear(64, 32), nn.Linear(32, 1)
        self.act = nn.GELU()
    def forward(self, x):
        return self.c(self.act(self.b(self.act(self.a(x)))))

torch.manual_seed(50)
x, q = make(5000)
q = (q - q.mean()) / q.std()
train = DataLoader(TensorDataset(x[:4000], q[:4000]), batch_size=50, shuffle=True)
net = Quality()
opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=0.5)
for epoch in range(30):
    tot, n = 0., 0
    for xb, qb in train:
        loss = nn.functional.mse_loss(net(xb), qb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item(); n += 1
    if epoch % 3 == 0 or epoch == 29:
        with torch.no_grad():
            print(f'{epoch:2d} train {tot / n:.4f} val {nn.functional.mse_loss(net(x[4000:]), q[4000:]).item():.4f}')
