import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.utils import shuffle

torch.set_num_threads(1)
torch.manual_seed(36)
X, y = shuffle(*load_digits(return_X_y=True), random_state=0)
X = torch.tensor((X - X.mean()) / X.std(), dtype=torch.float32)
y = torch.tensor(y)


def dense(i, o):
    layer = nn.Linear(i, o)
    nn.init.normal_(layer.weight, std=1.0)
    return layer


model = nn.Sequential(dense(64, 64), nn.Tanh(), dense(64, 64), nn.Tanh(), nn.Linear(64, 10))
opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
for epoch in range(1, 41):
    for i in range(0, 1350, 30):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(X[i:i + 30]), y[i:i + 30])
        loss.backward()
        opt.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            a = nn.functional.cross_entropy(model(X[:1350]), y[:1350]).item()
            o = model(X[1350:])
        print(f'{epoch} {a:.4f} {nn.functional.cross_entropy(o, y[1350:]).item():.4f} {(o.argmax(1) == y[1350:]).float().mean().item():.3f}')
