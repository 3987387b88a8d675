import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(63)
D = load_digits()
X = torch.tensor(D.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(D.target)
X = X + 0.7 * torch.randn_like(X)
p = torch.randperm(len(X))
Xtr, ytr, Xva, yva = X[p[:700]], y[p[:700]], X[p[700:]], y[p[700:]]


class DropNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(64, 256), nn.ReLU(), nn.Dropout(p),
            nn.Linear(256, 256), nn.ReLU(), nn.Dropout(p), nn.Linear(256, 10))

    def forward(self, x):
        return self.layers(x)


model = DropNet()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)


def evaluate(x, y):
    model.eval()
    with torch.no_grad():
        out = model(x)
    return F.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


model.train()
for epoch in range(45):
    for i in torch.randperm(len(Xtr)).split(32):
        loss = F.cross_entropy(model(Xtr[i]), ytr[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    vl, acc = evaluate(Xva, yva)
    if epoch % 4 == 0:
        print(f"epoch {epoch} train {loss.item():.4f} val {vl:.4f} acc {acc:.4f}")
tl, _ = evaluate(Xtr, ytr)
print(f"final train {tl:.4f} val {vl:.4f} acc {acc:.4f}")
