import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(45)
X = torch.tensor(load_digits().data).float() / 16
X = X[torch.randperm(len(X))]
tr, te = X[:1500], X[1500:]


class AE(nn.Module):
    def __init__(self):
        super().__init__()
        self.e1, self.e2 = nn.Linear(64, 64), nn.Linear(64, 16)
        self.d1, self.d2 = nn.Linear(16, 64), nn.Linear(64, 64)
        for l in (self.e1, self.e2, self.d1):
            nn.init.uniform_(l.weight, 0.0, 2.0)

    def forward(self, x):
        c = torch.sigmoid(self.e2(torch.sigmoid(self.e1(x))))
        return self.d2(torch.sigmoid(self.d1(c)))


ae = AE()
opt = torch.optim.Adagrad(ae.parameters(), lr=0.02)
for ep in range(60):
    tot = 0
    for i in torch.randperm(1500).split(50):
        loss = ((ae(tr[i]) - tr[i]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 30
    if ep % 6 == 5:
        with torch.no_grad():
            print(ep, f"train {tot:.5f} test {((ae(te) - te) ** 2).mean().item():.5f}")
