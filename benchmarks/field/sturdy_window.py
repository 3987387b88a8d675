import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.utils import shuffle

X, y = load_breast_cancer(return_X_y=True)
X = (X - X.mean(0)) / X.std(0)
X = shuffle(X, random_state=1)
y = shuffle(y, random_state=2)
X, y = torch.FloatTensor(X), torch.LongTensor(y)
torch.manual_seed(46)


class TwoLayer(nn.Module):
    def __init__(self, d, hidden):
        super().__init__()
        self.inp = nn.Linear(d, hidden)
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(hidden, 2)

    def forward(self, x):
        return self.out(self.drop(torch.relu(self.inp(x))))


clf = TwoLayer(30, 16)
optimizer = torch.optim.Adam(clf.parameters(), lr=1e-3, weight_decay=1e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(1, 31):
    clf.train()
    order = torch.randperm(450)
    for i in range(0, 450, 30):
        sel = order[i:i + 30]
        loss = criterion(clf(X[sel]), y[sel])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    clf.eval()
    with torch.no_grad():
        o = clf(X[450:])
        vl = criterion(o, y[450:]).item()
        va = (o.argmax(1) == y[450:]).float().mean().item()
    if epoch % 5 == 0:
        print(f"Epoch {epoch:3d} | train {loss.item():.4f} | val {vl:.4f} | acc {va:.3f}")
