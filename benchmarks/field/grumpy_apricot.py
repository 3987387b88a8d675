import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes

torch.manual_seed(48)
X, y = load_diabetes(return_X_y=True)
X = torch.tensor(X / X.std(0), dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32).unsqueeze(1)
p = torch.randperm(len(X))
Xtr, ytr, Xva, yva = X[p[:150]], y[p[:150]], X[p[150:]], y[p[150:]]
model = nn.Sequential(nn.Linear(10, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
EPOCHS = 400
loss_fn = nn.MSELoss()
for epoch in range(1, EPOCHS + 1):
    model.train()
    tl = 0
    for b in torch.randperm(150).split(30):
        opt.zero_grad()
        loss = loss_fn(model(Xtr[b]), ytr[b])
        loss.backward()
        opt.step()
        tl += loss.item() * len(b) / 150
    model.eval()
    with torch.no_grad():
        vl = loss_fn(model(Xva), yva).item()
    if epoch % 20 == 0:
        print(f"epoch {epoch}: train mse {tl:.4f}, val mse {vl:.4f}")
