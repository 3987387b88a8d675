import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(35)
X, y = load_digits(return_X_y=True)
p = torch.randperm(len(X))
X, y = (torch.tensor(X).float() / 16)[p], torch.tensor(y)[p]
# noisy sensors
X = X + 0.35 * torch.randn_like(X)
tr, te = slice(0, 400), slice(800, None)
net = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Dropout(0.6), nn.Linear(256, 256), nn.ReLU(), nn.Dropout(0.6), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)


def evaluate():
    net.eval()
    with torch.no_grad():
        o = net(X[te])
    return F.cross_entropy(o, y[te]).item(), (o.argmax(1) == y[te]).float().mean().item()


net.train()
for epoch in range(36):
    for i in torch.randperm(400).split(20):
        loss = F.cross_entropy(net(X[tr][i]), y[tr][i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    te_loss, te_acc = evaluate()
    if epoch % 5 == 0:
        print(f"epoch {epoch} loss {loss.item():.4f} test {te_loss:.4f} acc {te_acc:.4f}")
