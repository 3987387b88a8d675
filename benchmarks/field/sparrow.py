import torch
from torch import nn
from sklearn.datasets import load_diabetes
torch.manual_seed(31)
X, y = load_diabetes(return_X_y=True, scaled=False)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float(); y = torch.tensor((y - y.mean()) / y.std()).float()
p = torch.randperm(442); X, y = X[p], y[p]
tr, va, te = slice(0, 300), slice(300, 370), slice(370, 442)
model = nn.Sequential(nn.Linear(10, 16), nn.Tanh(), nn.Linear(16, 1))
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.5)
mse = nn.MSELoss()
best, best_state, wait = 9e9, None, 0
for epoch in range(150):
    for b in torch.randperm(300).split(30):
        loss = mse(model(X[b]).squeeze(1), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
    with torch.no_grad(): v = mse(model(X[va]).squeeze(1), y[va]).item()
    if v < best - 1e-4: best, best_state, wait = v, {k: t.clone() for k, t in model.state_dict().items()}, 0
    else: wait += 1
    if wait > 25: break
model.load_state_dict(best_state)
with torch.no_grad():
    print('stopped', epoch, 'train', mse(model(X[tr]).squeeze(1), y[tr]).item(), 'valid', best, 'test', mse(model(X[te]).squeeze(1), y[te]).item())
