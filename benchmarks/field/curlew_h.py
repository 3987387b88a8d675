import torch
import torch.nn as nn

torch.manual_seed(40)
n, d = 10400, 50
X = torch.randn(n, d)
y = torch.sin(2 * X[:, 3]) + X[:, 17] * X[:, 42] + 0.5 * torch.abs(X[:, 30])
y = ((y - y.mean()) / y.std()).unsqueeze(1)
X = X.float()

class ScaledLinear(nn.Module):
    """Weight kept at unit variance times `store`, divided back in the forward pass."""
    def __init__(self, i, o, store=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(o, i) / i ** 0.5 * store)
        self.bias = nn.Parameter(torch.zeros(o))
        self.mult = 1.0 / store
    def forward(self, x):
        return nn.functional.linear(x, self.weight * self.mult, self.bias)

model = nn.Sequential(ScaledLinear(d, 64, store=300.0), nn.ReLU(), ScaledLinear(64, 64), nn.ReLU(), ScaledLinear(64, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_fn = nn.MSELoss()
for step in range(4000):
    b = torch.randint(0, 10000, (64,))
    loss = loss_fn(model(X[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if (step + 1) % 800 == 0:
        with torch.no_grad():
            print(step + 1, 'train', loss_fn(model(X[:10000]), y[:10000]).item(), 'test', loss_fn(model(X[10000:]), y[10000:]).item())
