import math, torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(120)
X = torch.randn(20000, 12)
s = X[:, 0] * 1.5 + X[:, 1] * X[:, 2] + X[:, 3]
y = (s + 0.3 * torch.randn(20000) > 3.6).float()
prior = y[:16000].mean().item()
net = nn.Sequential(nn.Linear(12, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))
with torch.no_grad():
    net[-1].weight.mul_(0.1)
    net[-1].bias.fill_(math.log(prior / (1 - prior)))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
bce = nn.BCEWithLogitsLoss()
for ep in range(7):
    for xb, yb in DataLoader(TensorDataset(X[:16000], y[:16000]), batch_size=64, shuffle=True):
        loss = bce(net(xb).squeeze(1), yb)
        opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    guess = -(prior * math.log(prior) + (1 - prior) * math.log(1 - prior))
    print('prior', prior, 'guess', guess, 'train', bce(net(X[:16000]).squeeze(1), y[:16000]).item(), 'test', bce(net(X[16000:]).squeeze(1), y[16000:]).item())
