import math
import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

def make_data(n, gen):
    x = torch.randn(n, 16, generator=gen)
    s = torch.stack([x[:, :4].sum(1), x[:, 4:8].prod(1) * 2, x[:, 8:12].abs().sum(1) - 3.2, x[:, 12] * x[:, 13]], 1)
    return x, s.argmax(1)

def init(m):
    if isinstance(m, nn.Linear):
        bound = math.sqrt(3.0) * 0.22
        nn.init.uniform_(m.weight, -bound, bound)
        nn.init.zeros_(m.bias)

gen = torch.Generator().manual_seed(42)
torch.manual_seed(42)
xtr, ytr = make_data(14000, gen)
xte, yte = make_data(1000, gen)
model = nn.Sequential(nn.Linear(16, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 4))
model.apply(init)

opt = torch.optim.Adam(model.parameters(), lr=6e-4)
lossf = nn.CrossEntropyLoss()
dl = DataLoader(TensorDataset(xtr, ytr), batch_size=100, shuffle=True)
for epoch in range(5):
    tot = 0
    for a, b in dl:
        opt.zero_grad()
        l = lossf(model(a), b)
        l.backward()
        opt.step()
        tot += l.item()
    print('epoch', epoch, 'loss %.4f' % (tot / len(dl)))
with torch.no_grad():
    print('train %.4f' % lossf(model(xtr), ytr).item(), 'held-out %.4f' % lossf(model(xte), yte).item(), 'acc %.4f' % (model(xte).argmax(1) == yte).float().mean().item())
