import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes

torch.manual_seed(241)
d = load_diabetes()
X = torch.tensor(d.data / d.data.std(0), dtype=torch.float32)
y = torch.tensor((d.target - d.target.mean()) / d.target.std(), dtype=torch.float32)
p = torch.randperm(len(X))
X, y = X[p], y[p]
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
for step in range(1000):
    b = torch.randint(0, 340, (32,))
    pred = model(X[b])
    loss = ((pred - y[b]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print('step', step, 'loss', round(loss.item(), 4))
with torch.no_grad():
    err = model(X[340:]).squeeze(1) - y[340:]
print('test mse', round((err ** 2).mean().item(), 4), 'variance', round(y[340:].var().item(), 4))
