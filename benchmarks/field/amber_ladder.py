import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
torch.set_num_threads(1)

X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype(np.float32)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.2, random_state=0, stratify=y)
train = TensorDataset(torch.from_numpy(Xtr), torch.from_numpy(ytr))
test_x, test_y = torch.from_numpy(Xte), torch.from_numpy(yte)

BATCH = 1437
EPOCHS = 60
loader = DataLoader(train, batch_size=BATCH, shuffle=True)

model = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 48), nn.ReLU(), nn.Linear(48, 10))
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.5)
criterion = nn.CrossEntropyLoss()

for epoch in range(EPOCHS):
    model.train()
    total, n = 0.0, 0
    for xb, yb in loader:
        opt.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        opt.step()
        total += loss.item() * len(yb)
        n += len(yb)
    if (epoch + 1) % 5 == 0:
        model.eval()
        with torch.no_grad():
            out = model(test_x)
            tl = criterion(out, test_y).item()
            acc = (out.argmax(1) == test_y).float().mean().item()
        print(f"epoch {epoch+1:3d} train {total/n:.4f} test {tl:.4f} acc {acc:.3f}")
