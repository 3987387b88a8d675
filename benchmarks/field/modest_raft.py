import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(73)
C = 12
protos = torch.randn(C, 40) * 0.8


def gen(n):
    k = torch.randint(0, C, (n,))
    z = protos[k] + 0.6 * torch.randn(n, 40)
    return torch.cat([z[:, :20], torch.sin(2 * z[:, 20:])], 1), k


Xtr, ytr = gen(32768)
Xte, yte = gen(4000)
batch_size = 8192
loader = DataLoader(TensorDataset(Xtr, ytr), batch_size=batch_size, shuffle=True)
net = nn.Sequential(nn.Linear(40, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, C))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(6):
    total = 0.0
    for xb, yb in loader:
        loss = ce(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
    print(f"epoch {epoch} loss {total / len(Xtr):.4f}")
with torch.no_grad():
    out = net(Xte)
    print(f"final train {ce(net(Xtr), ytr).item():.4f} test {ce(out, yte).item():.4f} acc {(out.argmax(1) == yte).float().mean().item():.4f}")
