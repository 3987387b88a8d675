import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(39)
X = torch.tensor(load_digits().data, dtype=torch.float32)
X = (X - X.mean(0)) / X.std()
X = X[torch.randperm(len(X))]
train, test = X[:1500], X[1500:]


class SparseAE(nn.Module):
    def __init__(self, codes=128, theta=1.3):
        super().__init__()
        self.theta = theta
        self.enc = nn.Linear(64, codes)
        self.dec = nn.Linear(codes, 64)

    def encode(self, x):
        return torch.relu(self.enc(x) - self.theta)

    def forward(self, x):
        z = self.encode(x)
        return self.dec(z), z


ae = SparseAE()
opt = torch.optim.Adam(ae.parameters(), lr=1e-3)
l1 = 1e-4
for step in range(2000):
    xb = train[torch.randint(0, len(train), (64,))]
    rec, z = ae(xb)
    loss = F.mse_loss(rec, xb) + l1 * z.abs().sum(1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print(step, f"loss {loss.item():.4f}")
with torch.no_grad():
    a = F.mse_loss(ae(train)[0], train).item()
    b = F.mse_loss(ae(test)[0], test).item()
print(f"final train mse {a:.4f} test mse {b:.4f}")
