import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split
from sklearn.datasets import load_digits

torch.manual_seed(42)
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images, dtype=torch.float32).reshape(-1, 1, 8, 8) / 8 - 1
ds = TensorDataset(images, torch.tensor(labels))
train_set, test_set = random_split(ds, [1437, 360])

class DigitNet(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, n_classes), nn.Softmax(dim=1))

    def forward(self, x):
        return self.classifier(self.features(x))

def evaluate(model, loader, criterion):
    model.eval()
    loss = correct = total = 0
    with torch.no_grad():
        for xb, yb in loader:
            o = model(xb)
            loss += criterion(o, yb).item() * len(xb)
            correct += (o.argmax(1) == yb).sum().item()
            total += len(xb)
    return loss / total, correct / total

model = DigitNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
tl = DataLoader(train_set, batch_size=32, shuffle=True)
vl = DataLoader(test_set, batch_size=360)
for epoch in range(8):
    model.train()
    for xb, yb in tl:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    print('epoch', epoch, 'train', evaluate(model, tl, criterion), 'test', evaluate(model, vl, criterion))
