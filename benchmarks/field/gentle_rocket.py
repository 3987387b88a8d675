import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(6)
X = torch.tensor(load_digits().data, dtype=torch.float32) / 16.0
X = X - X.mean(0)
perm = torch.randperm(len(X))
train, test = X[perm[:1500]], X[perm[1500:]]

encoder = nn.Sequential(nn.Linear(64, 48), nn.Tanh(), nn.Linear(48, 12))
decoder = nn.Sequential(nn.Linear(12, 48), nn.Tanh(), nn.Linear(48, 64))
params = list(encoder.parameters()) + list(decoder.parameters())
optimizer = torch.optim.SGD(params, lr=0.01)
criterion = nn.MSELoss()

for epoch in range(60):
    total = 0
    order = torch.randperm(len(train))
    for s in range(0, len(train), 32):
        xb = train[order[s:s + 32]]
        out = decoder(encoder(xb))
        loss = criterion(out, xb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(xb)
    if epoch % 6 == 0:
        print(f"Epoch {epoch:3d}  reconstruction {total / len(train):.5f}")

with torch.no_grad():
    tr = criterion(decoder(encoder(train)), train).item()
    te = criterion(decoder(encoder(test)), test).item()
print(f"Final reconstruction train {tr:.5f} test {te:.5f}")
