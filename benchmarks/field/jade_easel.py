import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.preprocessing import scale

torch.manual_seed(30)
d = load_digits()
X = torch.tensor(scale(d.data), dtype=torch.float32)
Y = torch.tensor(d.target, dtype=torch.long)
perm = torch.randperm(len(X))
X, Y = X[perm], Y[perm]


def build(depth=10, width=48):
    layers = [nn.Linear(64, width), nn.Sigmoid()]
    for _ in range(depth - 2):
        layers.extend((nn.Linear(width, width), nn.Sigmoid()))
    layers.append(nn.Linear(width, 10))
    for m in layers:
        if isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, 0.0, m.in_features ** -0.5)
            nn.init.zeros_(m.bias)
    return nn.Sequential(*layers)


model = build()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
for epoch in range(25):
    for xb, yb in zip(X[:1300].split(26), Y[:1300].split(26)):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()
    if epoch % 6 == 0:
        print("epoch", epoch, loss.item())
with torch.no_grad():
    print("test accuracy", (model(X[1300:]).argmax(1) == Y[1300:]).float().mean().item())
