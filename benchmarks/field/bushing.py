import torch
from torch import nn
from sklearn.datasets import load_iris

torch.manual_seed(8)
X, y = load_iris(return_X_y=True)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y)
p = torch.randperm(150)
tr, te = p[:110], p[110:]
enc = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 2))
opt = torch.optim.Adam(enc.parameters(), lr=3e-3)

def distance(a, b):
    return torch.sqrt(((a - b) ** 2).sum(1))

def contrastive(i, j, margin=1.5):
    d = distance(enc(X[i]), enc(X[j]))
    same = (y[i] == y[j]).float()
    return (same * d ** 2 + (1 - same) * torch.relu(margin - d) ** 2).mean()

for step in range(1500):
    i = tr[torch.randint(0, 110, (24,))]
    j = tr[torch.randint(0, 110, (24,))]
    loss = contrastive(i, j)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 299:
        with torch.no_grad():
            i, j = te[torch.randint(0, 40, (400,))], te[torch.randint(0, 40, (400,))]
            print(step + 1, 'train', loss.item(), 'test', contrastive(i, j).item())
