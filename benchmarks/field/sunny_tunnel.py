import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(29)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
y = torch.tensor(d.target)
perm = torch.randperm(len(X))
train_ds = TensorDataset(X[perm[:1400]], y[perm[:1400]])
test_x, test_y = X[perm[1400:]], y[perm[1400:]]
loader = DataLoader(train_ds, batch_size=32, shuffle=True)


class SmallCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 4, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        return self.fc(x.flatten(1))


model = SmallCNN()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)


def train_epoch():
    model.train()
    optimizer.zero_grad()
    total = 0.0
    for xb, yb in loader:
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(xb)
    return total / len(train_ds)


def evaluate():
    model.eval()
    with torch.no_grad():
        out = model(test_x)
    return F.cross_entropy(out, test_y).item(), (out.argmax(1) == test_y).float().mean().item()


for epoch in range(12):
    tr = train_epoch()
    if epoch % 2 == 0:
        print(f"epoch {epoch} train {tr:.4f} test {evaluate()[0]:.4f}")
te, acc = evaluate()
print(f"final train {tr:.4f} test {te:.4f} acc {acc:.4f}")
