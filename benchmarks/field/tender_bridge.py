import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
torch.set_num_threads(1)
X, y = load_digits(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X / 16.0, y, test_size=0.25, random_state=3)
mk = lambda a, b: TensorDataset(torch.tensor(a, dtype=torch.float32), torch.tensor(b))
train_dl = DataLoader(mk(Xtr, ytr), batch_size=32, shuffle=True)
test_dl = DataLoader(mk(Xte, yte), batch_size=450)
net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.5)
for epoch in range(1, 41):
    total = 0
    for xb, yb in train_dl:
        loss = nn.functional.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / len(train_dl)
    if epoch % 5 == 0:
        xb, yb = next(iter(test_dl))
        with torch.no_grad():
            o = net(xb)
        print(f'epoch {epoch} train {total:.4f} test {nn.functional.cross_entropy(o, yb).item():.4f} acc {(o.argmax(1) == yb).float().mean().item():.4f}')
