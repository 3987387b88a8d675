import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(44)
d = load_digits()
X, Y = torch.tensor(d.data, dtype=torch.float32) / 8 - 1, torch.tensor(d.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
Ytr = Y[:1400].clone()
flip = torch.rand(1400) < 0.25
Ytr[flip] = torch.randint(0, 10, (int(flip.sum()),))
BS = 1
net = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
avg = 2.3
for step in range(1, 3001):
    b = torch.randint(0, 1400, (BS,))
    loss = F.cross_entropy(net(X[b]), Ytr[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg += 0.01 * (loss.item() - avg)
    if step % 300 == 0:
        with torch.no_grad():
            o = net(X[1400:])
        print(f"step {step} avg {avg:.4f} val {F.cross_entropy(o, Y[1400:]).item():.4f} acc {(o.argmax(1) == Y[1400:]).float().mean().item():.4f}")
