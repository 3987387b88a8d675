import torch
from torch import nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
ds = load_digits()
X = torch.tensor(ds.data).float() / 16
X = (X - X.mean()) / X.std()
Y = torch.tensor(ds.target)
BATCH = 2

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(64, 48, bias=False), nn.BatchNorm1d(48), nn.ReLU(),
            nn.Linear(48, 48, bias=False), nn.BatchNorm1d(48), nn.ReLU(),
            nn.Linear(48, 10))
    def forward(self, x):
        return self.net(x)

model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loader = DataLoader(TensorDataset(X[:1400], Y[:1400]), batch_size=BATCH, shuffle=True, drop_last=True)
for epoch in range(5):
    model.train()
    tot = 0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()
        tot += loss.item()
    model.eval()
    with torch.no_grad():
        o = model(X[1400:])
        print(f"epoch {epoch} train {tot/len(loader):.4f} test {nn.functional.cross_entropy(o, Y[1400:]).item():.4f} acc {(o.argmax(1)==Y[1400:]).float().mean().item():.4f}")
