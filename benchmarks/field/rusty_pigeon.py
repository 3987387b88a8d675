import torch
import torch.nn as nn
from sklearn.datasets import make_friedman1

torch.set_num_threads(1)
torch.manual_seed(29)
X, y = make_friedman1(4000, 8, noise=0.3, random_state=11)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor((y - y.mean()) / y.std()).float()

micro, accumulate = 4, 8
layers = []
for i, o in ((8, 64), (64, 64), (64, 32)):
    layers += [nn.Linear(i, o, bias=False), nn.BatchNorm1d(o), nn.ReLU()]
net = nn.Sequential(*layers, nn.Linear(32, 1))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
mse = nn.MSELoss()


def batches(n, size):
    while True:
        yield from (b for b in torch.randperm(n).split(size) if len(b) == size)


stream = batches(3000, micro)
smooth = 1.0
for update in range(1, 1501):
    opt.zero_grad()
    for _ in range(accumulate):
        idx = next(stream)
        loss = mse(net(X[idx]).squeeze(1), y[idx])
        (loss / accumulate).backward()
        smooth += 0.005 * (loss.item() - smooth)
    opt.step()
    if update % 150 == 0:
        net.eval()
        with torch.no_grad():
            v = mse(net(X[3000:]).squeeze(1), y[3000:]).item()
        net.train()
        print(f'update {update}: train {smooth:.4f} valid {v:.4f}')
