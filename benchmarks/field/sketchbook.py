import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(306)
X = torch.tensor(load_digits().images).float().unsqueeze(1) / 16
X = (X - X.mean()) / X.std()
ae = nn.Sequential(nn.Conv2d(1, 12, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(192, 24), nn.ReLU(), nn.Linear(24, 96), nn.ReLU(), nn.Linear(96, 64))
opt = torch.optim.Adam(ae.parameters(), lr=0.025)
for e in range(14):
    for c in torch.randperm(1500).split(50):
        b = X[c]
        l = nn.functional.mse_loss(ae(b), b.flatten(1))
        opt.zero_grad(); l.backward(); opt.step()
    if e % 2 == 1:
        with torch.no_grad():
            print(e + 1, "train %.4f" % l.item(), "test %.4f" % nn.functional.mse_loss(ae(X[1500:]), X[1500:].flatten(1)).item())
