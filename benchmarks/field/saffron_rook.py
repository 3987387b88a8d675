import os
import torch
from torch import nn

torch.manual_seed(67)
names = open(os.environ['NAMES_FILE']).read().split()[::2]
rows = []
for n in names:
    s = [0, 0, 0] + [ord(c) - 96 for c in n] + [0]
    rows += [s[i:i + 4] for i in range(len(s) - 3)]
data = torch.tensor(rows)[torch.randperm(len(rows))]
cut = len(data) * 9 // 10
train, val = data[:cut], data[cut:]
cfg = {'batch': 32768, 'epochs': 12, 'lr': 1e-3}

net = nn.Sequential(nn.Embedding(27, 16), nn.Flatten(), nn.Linear(48, 100), nn.ReLU(), nn.Linear(100, 27))
optimizer = torch.optim.Adam(net.parameters(), lr=cfg['lr'])
for ep in range(cfg['epochs']):
    train = train[torch.randperm(len(train))]
    for chunk in train.split(cfg['batch']):
        loss = nn.functional.cross_entropy(net(chunk[:, :3]), chunk[:, 3])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    f = lambda d: nn.functional.cross_entropy(net(d[:, :3]), d[:, 3]).item()
    print('train', f(train), 'val', f(val))
