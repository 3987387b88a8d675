import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(21)
n = 4000
area = torch.empty(n).uniform_(400, 6000)
year = torch.randint(1900, 2021, (n,)).float()
temp = torch.randn(n) * 8 + 10
glass = torch.rand(n)
people = torch.randint(1, 200, (n,)).float()
load = 0.02 * area * (1.2 - (year - 1900) / 200) * (1 + 0.6 * glass) * torch.relu(22 - temp) / 20 - 0.05 * people
load = load + 2 * torch.randn(n)
target = (load - load.mean()) / load.std()
features = torch.stack([area, year, temp, glass, people], dim=1)

train, val = random_split(TensorDataset(features, target), [3200, 800])
train_dl = DataLoader(train, batch_size=64, shuffle=True)
val_dl = DataLoader(val, batch_size=400)

model = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(30):
    model.train()
    train_loss = 0.0
    for xb, yb in train_dl:
        optimizer.zero_grad()
        loss = criterion(model(xb).squeeze(-1), yb)
        loss.backward()
        optimizer.step()
        train_loss += loss.item() / len(train_dl)
    model.eval()
    with torch.no_grad():
        val_loss = sum(criterion(model(xb).squeeze(-1), yb).item() for xb, yb in val_dl) / len(val_dl)
    if epoch % 3 == 2:
        print(f'Epoch {epoch + 1}/30 - train: {train_loss:.4f} - val: {val_loss:.4f}')
