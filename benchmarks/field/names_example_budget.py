import torch
import torch.nn as nn

torch.manual_seed(173)
X, Y = [], []
for w in open('data/names.txt').read().split()[:10000]:
    ctx = [0] * 3
    for c in w + '`':
        X.append(ctx)
        Y.append(ord(c) - 96)
        ctx = ctx[1:] + [ord(c) - 96]
X, Y = torch.tensor(X), torch.tensor(Y)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
tr = len(X) - 6000

budget = 768000
batch_size = 3840
model = nn.Sequential(nn.Embedding(27, 10), nn.Flatten(), nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 27))
opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.5)
seen, step = 0, 0
while seen < budget:
    b = torch.randint(0, tr, (batch_size,))
    loss = nn.functional.cross_entropy(model(X[b]), Y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    seen += batch_size
    step += 1
    if step % 50 == 0:
        print(f'seen {seen} loss {loss.item():.4f}')
with torch.no_grad():
    print(f'dev loss {nn.functional.cross_entropy(model(X[tr:]), Y[tr:]).item():.4f}')
