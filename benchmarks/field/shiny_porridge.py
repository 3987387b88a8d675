import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(57)
X = torch.randn(8000, 10)
beta = torch.randn(10) / 10 ** 0.5
signal = torch.tanh(X @ beta) + 0.5 * torch.sin(X[:, 0] * 2)
y = signal + 1.5 * torch.randn(8000)
train = TensorDataset(X[:6000], y[:6000])
loader = DataLoader(train, batch_size=2, shuffle=True)
EPOCHS = 2
EVERY = 1
model = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
mse = nn.MSELoss()
for epoch in range(EPOCHS):
    tot = 0.0
    for xb, yb in loader:
        loss = mse(model(xb).squeeze(1), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(xb)
    if (epoch + 1) % EVERY == 0:
        with torch.no_grad():
            v = mse(model(X[6000:]).squeeze(1), signal[6000:]).item()
        print(f"epoch {epoch + 1}: train {tot / 6000:.4f}, clean val {v:.4f}")
