import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer

torch.manual_seed(85)
D = load_breast_cancer()
X = torch.tensor((D.data - D.data.mean(0)) / D.data.std(0), dtype=torch.float32)
t = torch.tensor(D.target, dtype=torch.float32) * 2 - 1
p = torch.randperm(len(X))
tr, te = p[:430], p[430:]


class Margin(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(30, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x):
        return self.f(x).squeeze(1)


def squared_hinge(score, target):
    return torch.clamp(1 - score * target, min=0).pow(2)


def mean_loss(values):
    return torch.tensor([v.item() for v in values], requires_grad=True).mean()


model = Margin()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(800):
    i = tr[torch.randint(0, len(tr), (32,))]
    loss = mean_loss(squared_hinge(model(X[i]), t[i]))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 80 == 0:
        print("step", step, "loss", round(loss.item(), 4))
with torch.no_grad():
    a = squared_hinge(model(X[tr]), t[tr]).mean().item()
    b = squared_hinge(model(X[te]), t[te]).mean().item()
    acc = ((model(X[te]) > 0).float() * 2 - 1 == t[te]).float().mean().item()
print("final train", round(a, 4), "test", round(b, 4), "acc", round(acc, 4))
