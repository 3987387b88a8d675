import copy
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

torch.manual_seed(119)
D = load_diabetes()
xa, xt, ya, yt = train_test_split(D.data, D.target, test_size=0.2, random_state=3)
xa, xv, ya, yv = train_test_split(xa, ya, test_size=0.25, random_state=3)
mx, sx, my, sy = xa.mean(0), xa.std(0), ya.mean(), ya.std()
f = lambda x, y: (torch.tensor((x - mx) / sx, dtype=torch.float32), torch.tensor((y - my) / sy, dtype=torch.float32))
(xa, ya), (xv, yv), (xt, yt) = f(xa, ya), f(xv, yv), f(xt, yt)

net = nn.Sequential(nn.Linear(10, 16), nn.Tanh(), nn.Linear(16, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.003, momentum=0.9, weight_decay=1e-2)
mse = lambda x, y: (net(x)[:, 0] - y).pow(2).mean()
best, best_state, wait = float("inf"), None, 0
for epoch in range(200):
    for i in torch.randperm(len(xa)).split(32):
        loss = mse(xa[i], ya[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        val = mse(xv, yv).item()
    if val < best - 1e-5:
        best, best_state, wait = val, copy.deepcopy(net.state_dict()), 0
    else:
        wait += 1
    if epoch % 10 == 0:
        print(f"epoch {epoch} train {loss.item():.4f} val {val:.4f}")
    if epoch > 30 and wait >= 15:
        print("stopping at", epoch)
        break
net.load_state_dict(best_state)
with torch.no_grad():
    print(f"final train {mse(xa, ya).item():.4f} val {mse(xv, yv).item():.4f} test {mse(xt, yt).item():.4f}")
