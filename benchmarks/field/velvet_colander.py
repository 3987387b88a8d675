import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits

torch.manual_seed(0)
np.random.seed(0)

images = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
order = torch.randperm(len(images))
train_x, val_x = images[order[:1500]], images[order[1500:]]
loader = DataLoader(TensorDataset(train_x), batch_size=32, shuffle=True)

encoder = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 10))
decoder = nn.Sequential(nn.Linear(10, 48), nn.ReLU(), nn.Linear(48, 64))
model = nn.Sequential(encoder, decoder)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-5)

for epoch in range(25):
    model.train()
    running = 0.0
    for (x,) in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), x)
        loss.backward()
        optimizer.step()
        running += loss.item() * len(x)
    model.eval()
    with torch.no_grad():
        val = criterion(model(val_x), val_x).item()
    print(f"epoch {epoch + 1:02d} train {running / len(train_x):.5f} val {val:.5f}")
