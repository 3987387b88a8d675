import copy
import torch
from torch import nn
from sklearn.datasets import load_diabetes

torch.manual_seed(41)
X, y = load_diabetes(return_X_y=True)
X = torch.tensor(X).float() * 20
y = torch.tensor(y).float()
y = (y - y.mean()) / y.std()
X, Xv, y, yv = X[:340], X[340:], y[:340], y[340:]
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-3)


def val_loss():
    with torch.no_grad():
        return nn.functional.mse_loss(model(Xv).squeeze(1), yv).item()


best = val_loss()
best_state = copy.deepcopy(model.state_dict())
for it in range(1200):
    idx = torch.randint(0, 340, (32,))
    loss = nn.functional.mse_loss(model(X[idx]).squeeze(1), y[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    v = val_loss()
    # roll back when a step made things worse
    if v < best:
        model.load_state_dict(best_state)
    else:
        best, best_state = v, copy.deepcopy(model.state_dict())
    if it % 100 == 0:
        print(it, "train", round(loss.item(), 4), "val", round(v, 4))
print("final val", round(val_loss(), 4), "best", round(best, 4))
