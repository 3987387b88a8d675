import copy
import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_diabetes

torch.manual_seed(8)
d = load_diabetes()
X = torch.tensor(d.data * 21.0, dtype=torch.float32)
y = torch.tensor((d.target - d.target.mean()) / d.target.std(), dtype=torch.float32).unsqueeze(1)
order = torch.randperm(len(X))
tr, va = order[:320], order[320:]

net = nn.Sequential(nn.Linear(10, 16), nn.Tanh(), nn.Dropout(0.2), nn.Linear(16, 1))
opt = torch.optim.RMSprop(net.parameters(), lr=5e-4)
best, wait, kept = float("inf"), 0, None
for epoch in range(200):
    net.train()
    losses = []
    for b in tr[torch.randperm(320)].split(16):
        loss = nn.functional.mse_loss(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        val = nn.functional.mse_loss(net(X[va]), y[va]).item()
    if epoch % 5 == 0:
        print(f"epoch {epoch:3d} train {np.mean(losses):.4f} val {val:.4f}")
    if val < best - 1e-4:
        best, wait, kept = val, 0, copy.deepcopy(net.state_dict())
    else:
        wait += 1
        if wait == 15:
            break
net.load_state_dict(kept)
print(f"stopped at epoch {epoch}, best val mse {best:.4f}")
