import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

rng = np.random.default_rng(4)
torch.manual_seed(4)
X, y = load_digits(return_X_y=True)
order = rng.permutation(len(X))
X = X[order]
X = torch.tensor(X / 16.0, dtype=torch.float32)
y = torch.tensor(y)
n_train = 1400
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 10))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
lossf = nn.CrossEntropyLoss()
for epoch in range(40):
    model.train()
    tl = 0
    for b in torch.randperm(n_train).split(32):
        opt.zero_grad()
        loss = lossf(model(X[b]), y[b])
        loss.backward()
        opt.step()
        tl += loss.item() * len(b) / n_train
    model.eval()
    with torch.no_grad():
        out = model(X[n_train:])
        vl = lossf(out, y[n_train:]).item()
        va = (out.argmax(1) == y[n_train:]).float().mean().item()
    if epoch % 4 == 3:
        print(f"{epoch + 1:3d} | train {tl:.3f} | val {vl:.3f} | acc {va:.3f}")
