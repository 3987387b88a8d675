import torch
import torch.nn as nn
from sklearn.datasets import make_friedman1

torch.set_num_threads(1)
torch.manual_seed(0)
X, y = make_friedman1(5000, 6, noise=0.2, random_state=0)
X = torch.tensor((X - .5) * 3.46).float()
y = torch.tensor((y - y.mean()) / y.std()).float().unsqueeze(1)


def init(m):
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.weight, 0.05)
        nn.init.zeros_(m.bias)


mlp = nn.Sequential(nn.Linear(6, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1)).apply(init)
opt = torch.optim.Adam(mlp.parameters(), lr=2e-3)
step = 0
while step < 3000:
    for b in torch.randperm(4000).split(64):
        loss = nn.functional.mse_loss(mlp(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        step += 1
        if step % 300 == 0:
            with torch.no_grad():
                print(step, loss.item(), nn.functional.mse_loss(mlp(X[4000:]), y[4000:]).item())
