import gzip
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(70)


def read(name, offset, shape):
    with gzip.open('data/' + name) as f:
        return np.frombuffer(f.read(), dtype=np.uint8, offset=offset).reshape(shape).copy()


images = read('mnist-t10k-images-idx3-ubyte.gz', 16, (-1, 1, 28, 28))
labels = read('mnist-t10k-labels-idx1-ubyte.gz', 8, (-1,))
x = (torch.from_numpy(images).float() / 255 - 0.1307) / 0.3081
y = torch.from_numpy(labels).long()
train_loader = DataLoader(TensorDataset(x[:8000], y[:8000]), batch_size=64, shuffle=True)
val_loader = DataLoader(TensorDataset(x[8000:], y[8000:]), batch_size=500)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(16 * 49, 32), nn.ReLU(), nn.Linear(32, 10))

    def forward(self, x):
        return self.classifier(self.features(x))


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(4):
    model.train()
    for i, (xb, yb) in enumerate(train_loader):
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        if i % 60 == 0:
            print(f'epoch {epoch + 1} batch {i} loss {loss.item():.4f}')
    model.eval()
    vl, correct = 0.0, 0
    with torch.no_grad():
        for xb, yb in val_loader:
            out = model(xb)
            vl += criterion(out, yb).item() * len(xb)
            correct += (out.argmax(1) == yb).sum().item()
    print(f'epoch {epoch + 1} val loss {vl / 2000:.4f} val acc {correct / 2000:.4f}')
