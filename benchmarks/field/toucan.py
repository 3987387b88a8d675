import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
torch.set_num_threads(1); torch.manual_seed(19)
d = load_digits(); X, Y = torch.tensor(d.data / 8 - 1).float(), torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
T = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10)); S = nn.Sequential(nn.Linear(64, 20), nn.ReLU(), nn.Linear(20, 10))
ot, os_ = torch.optim.Adam(T.parameters(), 1e-3), torch.optim.Adam(S.parameters(), 3e-3)
for it in range(400):
    k = torch.randint(0, 1400, (50,)); l = F.cross_entropy(T(X[k]), Y[k]); ot.zero_grad(); l.backward(); ot.step()
T.eval(); t = 3.0
for it in range(900):
    k = torch.randint(0, 1400, (50,)); x = X[k] + .1 * torch.randn(len(k), 64)
    with torch.no_grad(): q = (T(x) / t).softmax(1)
    o = S(x); l = .7 * t * t * F.kl_div((o / t).log_softmax(1), q, reduction="batchmean") + .3 * F.cross_entropy(o, Y[k])
    os_.zero_grad(); l.backward(); os_.step()
    if it % 150 == 0: print(it, l.item())
with torch.no_grad():
    o = S(X[1400:]); print("train", l.item(), "test ce", F.cross_entropy(o, Y[1400:]).item(), "acc", (o.argmax(1) == Y[1400:]).float().mean().item())
