import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(17)
ds = load_digits()
X = torch.tensor(ds.images, dtype=torch.float32).unsqueeze(1)
X = (X - X.mean()) / X.std()
Y = torch.tensor(ds.target)
perm = torch.randperm(len(Y))
X, Y = X[perm], Y[perm]


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 3, padding=1)
        self.c2 = nn.Conv2d(6, 8, 3, padding=1)
        self.lin = nn.Linear(8 * 4, 10)
        self.last = None

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        z = self.lin(x.flatten(1))
        self.last = z = z.detach()
        return z


enc = Encoder()
clf = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.Adam(list(enc.parameters()) + list(clf.parameters()), lr=1e-3)

for epoch in range(25):
    for xb, yb in zip(X[:1400].split(32), Y[:1400].split(32)):
        loss = F.cross_entropy(clf(enc(xb)), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    print(f'train {F.cross_entropy(clf(enc(X[:1400])), Y[:1400]):.4f} test acc {(clf(enc(X[1400:])).argmax(1) == Y[1400:]).float().mean():.4f}')
