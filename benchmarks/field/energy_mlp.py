import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(38)
n = 6000
x = torch.randn(n, 8)
load = 2 * torch.relu(x[:, 0]) + x[:, 1] * torch.sigmoid(3 * x[:, 2]) + torch.sin(2 * x[:, 3]) + 0.5 * x[:, 4] * x[:, 5] + 0.2 * torch.randn(n)
load = (load - load.mean()) / load.std()
train = DataLoader(TensorDataset(x[:5000], load[:5000]), batch_size=100, shuffle=True, drop_last=True)

def stage(i, o):
    return [nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU()]

model = nn.Sequential(*stage(8, 64), *stage(64, 64), *stage(64, 32), nn.Linear(32, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, 20, 0.3)
huber = nn.SmoothL1Loss()
for epoch in range(60):
    model.train()
    run = 0
    for xb, yb in train:
        loss = huber(model(xb).squeeze(-1), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        run += loss.item()
    sched.step()
    if epoch % 6 == 5:
        model.eval()
        with torch.no_grad():
            v = huber(model(x[5000:]).squeeze(-1), load[5000:])
        print(f'epoch {epoch + 1}: {run / len(train):.4f} / {v.item():.4f}')
