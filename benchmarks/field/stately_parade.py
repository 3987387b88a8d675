import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits

torch.manual_seed(77)
D = load_digits()
X = torch.tensor(D.images, dtype=torch.float32).unsqueeze(1) / 16
Y = torch.tensor(D.target)
perm = torch.randperm(len(X))
train = DataLoader(TensorDataset(X[perm[:1440]], Y[perm[:1440]]), batch_size=48, shuffle=True)
xv, yv = X[perm[1440:]], Y[perm[1440:]]

cnn = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.LeakyReLU(0.1), nn.AvgPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.LeakyReLU(0.1), nn.AvgPool2d(2),
    nn.Flatten(), nn.Linear(128, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(cnn.parameters(), lr=3e-3)

for epoch in range(15):
    optimizer.zero_grad()
    for images, labels in train:
        loss = criterion(cnn(images), labels)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        logits = cnn(xv)
        print(f"Epoch {epoch + 1}: train {loss.item():.4f}, val {criterion(logits, yv).item():.4f}, "
              f"acc {(logits.argmax(1) == yv).float().mean().item():.4f}")
