import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

rng = np.random.default_rng(1)
torch.manual_seed(1)
X, y = load_digits(return_X_y=True)
X = X.astype('float32') / 8 - 1
rng.shuffle(X)
rng.shuffle(y)
X, y = torch.tensor(X), torch.tensor(y)
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 10))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(30):
    net.train()
    tot = 0
    for b in torch.randperm(1440).split(32):
        loss = ce(net(X[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
        tot += loss.item() / 45
    if epoch % 6 == 5:
        net.eval()
        with torch.no_grad(): o = net(X[1440:])
        print(epoch + 1, 'train', tot, 'test', ce(o, y[1440:]).item(), 'acc', (o.argmax(1) == y[1440:]).float().mean().item())
