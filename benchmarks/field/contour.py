import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(180)
d = load_digits()
X = torch.tensor((d.data - d.data.mean()) / d.data.std()).float(); Y = torch.tensor(d.target)
enc = nn.Sequential(nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 8))
opt = torch.optim.Adam(enc.parameters(), lr=2e-3)
def dist(a, b):
    return ((a - b) ** 2).sum(1).sqrt()
by = [torch.where(Y[:1400] == k)[0] for k in range(10)]
for s in range(600):
    k = torch.randint(0, 10, (48,)); off = (k + torch.randint(1, 10, (48,))) % 10
    a = torch.stack([by[j][torch.randint(0, len(by[j]), (1,))[0]] for j in k.tolist()])
    p = torch.stack([by[j][torch.randint(0, len(by[j]), (1,))[0]] for j in k.tolist()])
    n = torch.stack([by[j][torch.randint(0, len(by[j]), (1,))[0]] for j in off.tolist()])
    za, zp, zn = enc(X[a]), enc(X[p]), enc(X[n])
    loss = torch.relu(dist(za, zp) - dist(za, zn) + 1.0).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 60 == 0:
        print(s, loss.item())
with torch.no_grad():
    ref, q = enc(X[:1400]), enc(X[1400:])
    nn1 = torch.cdist(q, ref).argmin(1)
    print("loss", loss.item(), "1-nn acc", (Y[:1400][nn1] == Y[1400:]).float().mean().item())
