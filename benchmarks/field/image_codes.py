import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(130)
X = torch.tensor(load_digits().images).float().unsqueeze(1) / 16
X = (X - X.mean()) / X.std()
tr, te = X[:1200], X[1200:]
ae = nn.Sequential(
    nn.Flatten(),
    nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(),
    nn.Linear(64, 16), nn.BatchNorm1d(16),
    nn.Linear(16, 64), nn.BatchNorm1d(64), nn.ReLU(),
    nn.Linear(64, 64))
opt = torch.optim.Adam(ae.parameters(), lr=1e-3)
MICRO, ACC = 3, 8
step = 0
for ep in range(4):
    ae.train()
    for c in torch.randperm(1200).split(MICRO):
        x = tr[c]
        loss = nn.functional.mse_loss(ae(x), x.flatten(1)) / ACC
        loss.backward()
        step += 1
        if step % ACC == 0:
            opt.step(); opt.zero_grad()
    ae.eval()
    with torch.no_grad():
        print(ep, "batch", loss.item() * ACC, "train", nn.functional.mse_loss(ae(tr), tr.flatten(1)).item(), "test", nn.functional.mse_loss(ae(te), te.flatten(1)).item())
