import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(10)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X).float() / 16 - 0.3
y = torch.tensor(y)
Xtr, ytr, Xte, yte = X[:1400], y[:1400], X[1400:], y[1400:]
dl = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(Xtr, ytr), batch_size=1400, shuffle=True)
m = nn.Sequential(nn.Linear(64, 64), nn.LeakyReLU(0.1), nn.Linear(64, 64), nn.LeakyReLU(0.1), nn.Linear(64, 10))
opt = torch.optim.Adam(m.parameters(), lr=1e-3)
EPOCHS = 60
for e in range(EPOCHS):
    for xb, yb in dl:
        l = nn.functional.cross_entropy(m(xb), yb)
        opt.zero_grad(); l.backward(); opt.step()
    if e % 10 == 9:
        with torch.no_grad():
            o = m(Xte)
            print(e + 1, f"train {l.item():.4f} test {nn.functional.cross_entropy(o, yte).item():.4f} acc {(o.argmax(1) == yte).float().mean().item():.4f}")
