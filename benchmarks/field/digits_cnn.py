import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import TensorDataset, DataLoader, random_split

torch.manual_seed(12)
d = load_digits()
ds = TensorDataset(torch.tensor(d.images / 16.0, dtype=torch.float32).unsqueeze(1), torch.tensor(d.target))
train_ds, test_ds = random_split(ds, [1400, 397])
train_dl = DataLoader(train_ds, batch_size=32, shuffle=True)
test_dl = DataLoader(test_ds, batch_size=397)

model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(128, 64), nn.ReLU(),
    nn.Linear(64, 10),
    nn.Softmax(dim=1),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)

for epoch in range(60):
    model.train()
    running = 0.0
    for x, y in train_dl:
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        running += loss.item()
    if (epoch + 1) % 6 == 0:
        model.eval()
        with torch.no_grad():
            x, y = next(iter(test_dl))
            out = model(x)
        print(f'Epoch {epoch + 1}: loss {running / len(train_dl):.4f}, test loss {criterion(out, y):.4f}, accuracy {(out.argmax(1) == y).float().mean():.4f}')
