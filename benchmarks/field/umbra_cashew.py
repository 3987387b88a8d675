import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class Res(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.up = nn.Linear(d, 2 * d)
        self.down = nn.Linear(2 * d, d)
        # start as the identity
        nn.init.zeros_(self.down.weight)
        nn.init.zeros_(self.down.bias)

    def forward(self, x):
        return x + self.down(F.silu(self.up(self.norm(x))))


torch.manual_seed(30)
X, y = load_digits(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X.astype(np.float32) / 8 - 1, y, test_size=0.25, random_state=0)
Xtr, Xte, ytr, yte = map(torch.as_tensor, (Xtr, Xte, ytr, yte))
net = nn.Sequential(nn.Linear(64, 48), *[Res(48) for _ in range(5)], nn.LayerNorm(48), nn.Linear(48, 10))
opt = torch.optim.NAdam(net.parameters(), lr=1e-3)
for step in range(600):
    i = torch.randint(0, len(Xtr), (64,))
    loss = F.cross_entropy(net(Xtr[i]), ytr[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 60 == 0 or step == 599:
        with torch.no_grad():
            te = F.cross_entropy(net(Xte), yte).item()
        print(f"step {step} train {loss.item():.4f} test {te:.4f}")
