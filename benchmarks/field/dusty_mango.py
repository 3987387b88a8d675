import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class DeepNet(nn.Module):
    def __init__(self, n_in, width, depth, n_out):
        super().__init__()
        sizes = [n_in] + [width] * depth
        self.hidden = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
        self.head = nn.Linear(width, n_out)

    def forward(self, x):
        for layer in self.hidden:
            x = F.elu(layer(x))
        return self.head(x)


torch.manual_seed(12)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]
model = DeepNet(64, 20, 3, 10)
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(30):
    for i in range(0, 1400, 40):
        xb, yb = x[i:i + 40], y[i:i + 40]
        loss = F.cross_entropy(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        o = model(x[1400:])
    if epoch % 3 == 2:
        print(f"epoch {epoch + 1} loss {loss.item():.4f} val {F.cross_entropy(o, y[1400:]).item():.4f} acc {(o.argmax(1) == y[1400:]).float().mean().item():.4f}")
