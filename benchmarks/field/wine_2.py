import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_classification
from sklearn.preprocessing import StandardScaler

# sensor panel of a bottling line: 14 readings, 4 grades
X, y = make_classification(4000, 14, n_informative=10, n_redundant=2, n_classes=4, n_clusters_per_class=3, class_sep=1.3, random_state=11)
X = StandardScaler().fit_transform(X).astype(np.float32)
X, y = torch.from_numpy(X), torch.from_numpy(y)
tr, te = slice(0, 3000), slice(3000, 4000)

class Grader(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.fc1 = nn.Linear(14, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, 4)
        for fc in (self.fc1, self.fc2, self.fc3):
            nn.init.constant_(fc.weight, 1.0 / fc.in_features)
            nn.init.zeros_(fc.bias)

    def forward(self, x):
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)

torch.manual_seed(3)
model = Grader()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
loss_fn = nn.CrossEntropyLoss()
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X[tr], y[tr]), batch_size=64, shuffle=True)
for epoch in range(80):
    run = 0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
        run += loss.item()
    if epoch % 8 == 0 or epoch == 79:
        with torch.no_grad():
            p = model(X[te])
        print(f'{epoch:3d} train {run / len(loader):.3f} test {loss_fn(p, y[te]).item():.3f} acc {(p.argmax(1) == y[te]).float().mean().item():.3f}')
