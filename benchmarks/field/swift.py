import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
torch.manual_seed(2)
X, y = load_wine(return_X_y=True)
p = torch.randperm(178)
X = torch.tensor(StandardScaler().fit_transform(X)).float()[p]; y = torch.tensor(y)[p]
ntr = 130
emb = nn.Sequential(nn.Linear(13, 24), nn.ReLU(), nn.Linear(24, 4))
opt = torch.optim.Adam(emb.parameters(), lr=1e-3, weight_decay=1e-4)
triplet = nn.TripletMarginLoss(margin=1.0)
groups = [torch.nonzero(y[:ntr] == k)[:, 0] for k in range(3)]
def draw(n):
    c = torch.randint(0, 3, (n,)); o = (c + torch.randint(1, 3, (n,))) % 3
    pick = lambda ks: torch.stack([groups[k][torch.randint(len(groups[k]), ())] for k in ks.tolist()])
    return pick(c), pick(c), pick(o)
rec = []
for step in range(500):
    a, b, n = draw(32)
    loss = triplet(emb(X[a]), emb(X[b]), emb(X[n]))
    opt.zero_grad(); loss.backward(); opt.step()
    rec.append(loss.item())
    if step % 100 == 99: print(step + 1, sum(rec[-50:]) / 50)
with torch.no_grad():
    e = emb(X)
    nn_idx = torch.cdist(e[ntr:], e[:ntr]).argmin(1)
print('train', sum(rec[-50:]) / 50, '1-nn held-out acc', (y[:ntr][nn_idx] == y[ntr:]).float().mean().item())
