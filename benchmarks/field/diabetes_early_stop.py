import copy
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(367)
X, y = load_diabetes(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(StandardScaler().fit_transform(X), (y - y.mean()) / y.std(), test_size=0.3, random_state=3)
Xa, Xb, ya, yb = (torch.tensor(v, dtype=torch.float32) for v in (Xa, Xb, ya, yb))
net = nn.Sequential(nn.Linear(10, 24), nn.ReLU(), nn.Linear(24, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
best, best_state, patience = float('inf'), None, 0
for epoch in range(200):
    for b in torch.randperm(len(Xa)).split(16):
        loss = nn.functional.mse_loss(net(Xa[b]).squeeze(1), ya[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        v = nn.functional.mse_loss(net(Xb).squeeze(1), yb).item()
    if v < best - 1e-4:
        best, best_state, patience = v, copy.deepcopy(net.state_dict()), 0
    else:
        patience += 1
    if epoch % 5 == 0:
        print('epoch', epoch, 'train', round(loss.item(), 4), 'val', round(v, 4))
    if patience == 8:
        break
net.load_state_dict(best_state)
print('stopped after epoch', epoch, 'best val', round(best, 4))
