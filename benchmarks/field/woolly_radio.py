import torch
from torch import nn
import torch.nn.functional as F
import torch.nn.utils.prune as prune
from sklearn.datasets import load_digits

torch.manual_seed(127)
d = load_digits()
X, Y = torch.tensor(d.data, dtype=torch.float32) / 8 - 1, torch.tensor(d.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
targets = [m for m in net if isinstance(m, nn.Linear)][:2]
for epoch in range(24):
    if epoch in (6, 9, 12):
        for m in targets:
            prune.l1_unstructured(m, "weight", amount=0.33)
        opt = torch.optim.SGD(net.parameters(), lr=0.08, momentum=0.9, weight_decay=5e-4)
    for b in torch.randperm(1400).split(50):
        loss = F.cross_entropy(net(X[b]), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        o = net(X[1400:])
        sp = sum((m.weight == 0).sum().item() for m in targets) / sum(m.weight.numel() for m in targets)
    if epoch % 2:
        print(f"epoch {epoch + 1} train {loss.item():.4f} val {F.cross_entropy(o, Y[1400:]).item():.4f} acc {(o.argmax(1) == Y[1400:]).float().mean().item():.4f} sparsity {sp:.2f}")
