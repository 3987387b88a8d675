import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(84)
d = load_digits()
X, Y = torch.tensor(d.data / 16).float(), torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
emb = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
def dist(a, b):
    return ((a[:, None] - b[None]) ** 2).sum(-1).sqrt()
def contrastive(z, y):
    D = dist(z, z)
    same = (y[:, None] == y[None]).float()
    return (same * D ** 2 + (1 - same) * torch.relu(1 - D) ** 2).mean()
opt = torch.optim.Adam(emb.parameters(), lr=1e-3)
for it in range(300):
    k = torch.randint(0, 1400, (48,))
    loss = contrastive(emb(X[k]), Y[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 50 == 0: print(it, loss.item())
with torch.no_grad():
    zt, zv = emb(X[:1400]), emb(X[1400:])
    nn1 = Y[:1400][((zv[:, None] - zt[None]) ** 2).sum(-1).argmin(1)]
    print("train", loss.item(), "held-out", contrastive(zv, Y[1400:]).item(), "1-nn acc", (nn1 == Y[1400:]).float().mean().item())
