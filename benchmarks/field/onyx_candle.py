import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(52)
digits = load_digits()
X = torch.tensor(digits.data, dtype=torch.float32) / 16 - 0.3
X = X + 0.35 * torch.randn(X.shape)
y = torch.tensor(digits.target)
o = torch.randperm(len(X))
X, y = X[o], y[o]
xt, yt, xv, yv = X[:600], y[:600], X[600:], y[600:]


class Net(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.net = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(64, 256), nn.ReLU(), nn.Dropout(p),
            nn.Linear(256, 256), nn.ReLU(), nn.Dropout(p), nn.Linear(256, 10))

    def forward(self, x):
        return self.net(x)


model = Net()
opt = torch.optim.Adam(model.parameters(), lr=5e-4)
ce = nn.CrossEntropyLoss()
for step in range(1500):
    if step % 100 == 0:
        model.eval()
        with torch.no_grad():
            v = model(xv)
        print(f"step {step} train {ce(model(xt), yt).item():.4f} valid {ce(v, yv).item():.4f} acc {(v.argmax(1) == yv).float().mean().item():.4f}")
        
    i = torch.randint(0, 600, (50,))
    opt.zero_grad()
    ce(model(xt[i]), yt[i]).backward()
    opt.step()
model.eval()
with torch.no_grad():
    v = model(xv)
    print(f"end: train {ce(model(xt), yt).item():.4f} valid {ce(v, yv).item():.4f} acc {(v.argmax(1) == yv).float().mean().item():.4f}")
