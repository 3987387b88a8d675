import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(90)
digits = load_digits()
X = torch.tensor(digits.data, dtype=torch.float32)
ink = X.sum(1, keepdim=True)
ink = (ink - ink.mean()) / ink.std()
X = (X - X.mean()) / X.std()
cls = torch.tensor(digits.target)
p = torch.randperm(len(X))
X, ink, cls = X[p], ink[p], cls[p]


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
        self.class_head = nn.Linear(32, 10)
        self.ink_head = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        z = self.trunk(x)
        return self.class_head(z), self.ink_head(z)


model = MultiTask()
optimizer = torch.optim.Adam([
    {"params": model.trunk.parameters(), "lr": 1e-7},
    {"params": model.class_head.parameters(), "lr": 1e-3},
    {"params": model.ink_head.parameters(), "lr": 1e-3},
])
for step in range(1200):
    b = torch.randint(0, 1400, (48,))
    logits, amount = model(X[b])
    loss_cls = F.cross_entropy(logits, cls[b], label_smoothing=0.1)
    loss_ink = F.mse_loss(amount, ink[b])
    loss = loss_cls + 0.5 * loss_ink
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 200 == 0:
        print(f"{step:5d} cls {loss_cls.item():.3f} ink {loss_ink.item():.3f}")
with torch.no_grad():
    logits, amount = model(X[1400:])
    print("held out: acc %.3f ink mse %.4f" % ((logits.argmax(1) == cls[1400:]).float().mean(), F.mse_loss(amount, ink[1400:])))
