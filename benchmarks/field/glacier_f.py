import torch
import torch.nn as nn
torch.manual_seed(13)
n = 13000
X = torch.randn(n, 12)
s = X[:, 0] * 1.5 + X[:, 1] * X[:, 2] + torch.relu(X[:, 3]) * 1.5 - 4.0
y = (torch.rand(n) < torch.sigmoid(2.5 * s)).float()
class Clf(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU())
        self.head = nn.Linear(48, 1)
    def forward(self, x):
        z = self.head(self.body(x)).squeeze(1)
        return torch.sigmoid(z)
model = Clf()
lossfn = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(900):
    i = torch.randint(0, 12000, (100,))
    loss = lossfn(model(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print('step', step, 'loss', round(loss.item(), 4))
with torch.no_grad():
    cut = 0.5
    pr = (model(X[12000:]) > cut).float()
    print('positives', round(y.mean().item(), 3), 'train', round(lossfn(model(X[:12000]), y[:12000]).item(), 4), 'held-out', round(lossfn(model(X[12000:]), y[12000:]).item(), 4), 'acc', round((pr == y[12000:]).float().mean().item(), 4))
