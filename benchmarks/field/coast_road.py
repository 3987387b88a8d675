import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
torch.manual_seed(2)
X, y = load_diabetes(return_X_y=True)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor((y - y.mean()) / y.std()).float()

road = nn.Sequential(nn.Linear(10, 16), nn.Tanh(), nn.Linear(16, 1))
opt = torch.optim.SGD(road.parameters(), lr=0.01, momentum=0.9)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=1.006)
for step in range(900):
    i = torch.randint(0, 350, (32,))
    loss = nn.functional.smooth_l1_loss(road(X[i]).squeeze(1), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 75 == 74:
        with torch.no_grad():
            v = nn.functional.smooth_l1_loss(road(X[350:]).squeeze(1), y[350:]).item()
        print(f"{step+1:4d} lr {opt.param_groups[0]['lr']:.3g} train {loss.item():.4f} held-out {v:.4f}")
