import os, random, time
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(12); torch.manual_seed(12)
names = open(os.environ['NAMES_FILE']).read().split()
random.shuffle(names)
ctx = 4
X, Y = [], []
for n in names[:12000]:
    w = [0] * ctx
    for c in [ord(a) - 96 for a in n] + [0]:
        X.append(w); Y.append(c); w = w[1:] + [c]
X, Y = torch.tensor(X), torch.tensor(Y)
ntr = 80000
batch_size = 16000
net = nn.Sequential(nn.Embedding(27, 12), nn.Flatten(), nn.Linear(12 * ctx, 96), nn.Tanh(), nn.Linear(96, 27))
opt = torch.optim.SGD(net.parameters(), lr=0.15, momentum=0.5)
for epoch in range(6):
    tot, k = 0, 0
    for b in torch.randperm(ntr).split(batch_size):
        loss = F.cross_entropy(net(X[b]), Y[b])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        tot += loss.item(); k += 1
    with torch.no_grad():
        print(f'epoch {epoch}: train {tot / k:.4f} valid {F.cross_entropy(net(X[ntr:]), Y[ntr:]).item():.4f}')
