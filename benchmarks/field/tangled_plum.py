import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(36)
D = load_digits()
X = torch.tensor(D.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
Y = torch.tensor(D.target)
P = torch.randperm(len(X))
X, Y = X[P], Y[P]


def norm(c):
    return nn.BatchNorm2d(c)


model = nn.Sequential(
    nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), norm(16), nn.ReLU(),
    nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False), norm(32), nn.ReLU(),
    nn.Conv2d(32, 32, 2, bias=False), norm(32), nn.ReLU(),
    nn.Flatten(), nn.Linear(32, 10))
opt = torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9)
for epoch in range(5):
    model.train()
    tl = 0.0
    for b in torch.randperm(1400).split(2):
        opt.zero_grad()
        loss = F.cross_entropy(model(X[b]), Y[b])
        loss.backward()
        opt.step()
        tl += loss.item() / 700
    model.eval()
    with torch.no_grad():
        o = model(X[1400:])
        print(f"epoch {epoch + 1}: train {tl:.4f} val {F.cross_entropy(o, Y[1400:]).item():.4f} acc {(o.argmax(1) == Y[1400:]).float().mean().item():.4f}")
