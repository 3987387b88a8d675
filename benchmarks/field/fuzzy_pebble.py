import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split
from sklearn.datasets import load_digits

torch.manual_seed(123)
torch.set_num_threads(1)

config = {
    'lr': 0.06,
    'batch_size': 64,
    'epochs': 25,
    'hidden': [128, 64],
}

X, y = load_digits(return_X_y=True)
ds = TensorDataset(torch.tensor(X / 16, dtype=torch.float32), torch.tensor(y))
train_ds, val_ds = random_split(ds, [1437, len(ds) - 1437], generator=torch.Generator().manual_seed(0))
train_loader = DataLoader(train_ds, batch_size=config['batch_size'], shuffle=True)
val_loader = DataLoader(val_ds, batch_size=360)

layers, last = [], 64
for h in config['hidden']:
    layers += [nn.Linear(last, h), nn.ReLU()]
    last = h
layers.append(nn.Linear(last, 10))
model = nn.Sequential(*layers)
optimizer = torch.optim.Adam(model.parameters(), lr=config['lr'])
criterion = nn.CrossEntropyLoss()

for epoch in range(1, config['epochs'] + 1):
    model.train()
    train_loss = 0.0
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        train_loss += loss.item()
    model.eval()
    val_loss, correct = 0.0, 0
    with torch.no_grad():
        for inputs, targets in val_loader:
            outputs = model(inputs)
            val_loss += criterion(outputs, targets).item()
            correct += (outputs.argmax(dim=1) == targets).sum().item()
    print(f'Epoch {epoch}/{config["epochs"]} - train loss: {train_loss / len(train_loader):.4f} - '
          f'val loss: {val_loss / len(val_loader):.4f} - val acc: {correct / len(val_ds):.4f}')
