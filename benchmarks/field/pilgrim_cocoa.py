import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(32)
rs = np.random.RandomState(32)
X = rs.randn(4000, 12).astype("float32")
score = X[:, 0] + np.sin(2 * X[:, 1]) + X[:, 2] * X[:, 3] * 0.7 + 0.3 * rs.randn(4000)
grade = np.digitize(score, [-1.5, -0.5, 0.5, 1.5])
levels = torch.tensor((grade[:, None] > np.arange(4)).astype("float32"))
X, grade = torch.tensor(X), torch.tensor(grade)


class Gate(nn.Module):
    def __init__(self, thr):
        super().__init__()
        self.thr = thr

    def forward(self, x):
        return torch.relu(x - self.thr)


class Ordinal(nn.Module):
    def __init__(self, thr=2.2):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(12, 64), Gate(thr), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1, bias=False))
        self.cut = nn.Parameter(torch.tensor([1.5, 0.5, -0.5, -1.5]))

    def forward(self, x):
        return self.f(x) + self.cut


net = Ordinal()
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
for step in range(1500):
    i = torch.randint(0, 3500, (64,))
    loss = nn.functional.binary_cross_entropy_with_logits(net(X[i]), levels[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print("step", step, "loss", loss.item())
with torch.no_grad():
    z = net(X[3500:])
    mae = ((z > 0).sum(1) - grade[3500:]).abs().float().mean().item()
    print("test loss", nn.functional.binary_cross_entropy_with_logits(z, levels[3500:]).item(), "mean abs error", mae)
