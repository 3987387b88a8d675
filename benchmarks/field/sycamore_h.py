import os
import torch
from torch import nn

torch.manual_seed(26)
names = [n for n in open(os.environ['NAMES_FILE']).read().split() if len(n) <= 12][:9000]
perm = torch.randperm(len(names)).tolist()
names = [names[i] for i in perm]
X = torch.zeros(len(names), 12, 27)
for i, n in enumerate(names):
    for j in range(12):
        X[i, j, ord(n[j]) - 96 if j < len(n) else 0] = 1
X = X.flatten(1)
Y = torch.tensor([sum(c in 'aeiou' for c in n) / len(n) * (1 if n[-1] in 'aeiou' else -1) for n in names]).unsqueeze(1)
Y = (Y - Y.mean()) / Y.std()

net = nn.Sequential(nn.Linear(12 * 27, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))
for m in net:
    if isinstance(m, nn.Linear):
        nn.init.kaiming_uniform_(m.weight, nonlinearity='relu')
        nn.init.constant_(m.bias, -1.9)
opt = torch.optim.SGD(net.parameters(), lr=0.03)
lossf = nn.L1Loss()
for epoch in range(12):
    s = 0
    for b in torch.randperm(8000).split(40):
        loss = lossf(net(X[b]), Y[b])
        opt.zero_grad(); loss.backward(); opt.step()
        s += loss.item()
    if epoch % 3 == 2:
        with torch.no_grad():
            print(f'epoch {epoch+1}: train L1 {s/200:.4f}  valid L1 {lossf(net(X[8000:]), Y[8000:]).item():.4f}')
