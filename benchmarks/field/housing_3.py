import torch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(5)
n = 5000
sqft = torch.randn(n).mul(0.35).add(7.4).exp()
year = torch.randint(1920, 2020, (n,)).float()
beds = (sqft / 600).round().clamp(1, 7)
dist = torch.rand(n) * 40
zipc = torch.randint(0, 12, (n,))
lot = torch.randn(n).mul(0.6).add(8.8).exp()
log_price = 0.9 * (sqft / 1500).log() + 0.004 * (year - 1970) - 0.02 * dist + 0.15 * torch.sin(zipc.float()) + 0.1 * (lot / 7000).log() \
    + 0.3 * ((year > 1995) & (dist < 12)) + 0.05 * torch.randn(n)
X = torch.stack([sqft, year, beds, dist, zipc.float(), lot], 1)
y = (log_price - log_price.mean()) / log_price.std()

split = int(0.8 * n)
train_dl = DataLoader(TensorDataset(X[:split], y[:split]), batch_size=64, shuffle=True)
Xv, yv = X[split:], y[split:]

model = torch.nn.Sequential(
    torch.nn.Linear(6, 64), torch.nn.ReLU(),
    torch.nn.Linear(64, 64), torch.nn.ReLU(),
    torch.nn.Linear(64, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)

def validate():
    with torch.no_grad():
        return torch.nn.functional.mse_loss(model(Xv).squeeze(1), yv).item()

for epoch in range(110):
    s = 0
    for xb, yb in train_dl:
        loss = torch.nn.functional.mse_loss(model(xb).squeeze(1), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item()
    if epoch % 10 == 0 or epoch == 109:
        print('epoch', epoch, 'train', round(s / len(train_dl), 4), 'val', round(validate(), 4))
