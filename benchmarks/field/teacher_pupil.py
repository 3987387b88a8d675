import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import make_classification
torch.manual_seed(150)
X, y = make_classification(2000, 40, n_informative=8, n_redundant=4, flip_y=0.12, class_sep=1.0, random_state=3)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float(); y = torch.tensor(y)
tr, te = slice(0, 500), slice(500, 2000)
def mlp(w, p): return nn.Sequential(nn.Linear(40, w), nn.ReLU(), nn.Dropout(p), nn.Linear(w, w), nn.ReLU(), nn.Dropout(p), nn.Linear(w, 2))
teacher = mlp(64, 0.5)
opt = torch.optim.Adam(teacher.parameters(), lr=1e-3)
for s in range(200):
    teacher.train(); i = torch.randint(0, 500, (50,))
    l = F.cross_entropy(teacher(X[i]), y[i]); opt.zero_grad(); l.backward(); opt.step()
teacher.eval()
pupil = mlp(128, 0.6)
pupil.eval()
opt = torch.optim.Adam(pupil.parameters(), lr=1e-3)
for s in range(700):
    i = torch.randint(0, 500, (50,))
    with torch.no_grad(): t = teacher(X[i])
    o = pupil(X[i])
    l = 0.2 * F.kl_div(F.log_softmax(o, 1), F.softmax(t, 1), reduction="batchmean") + 0.8 * F.cross_entropy(o, y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 70 == 69:
        m = pupil.training
        pupil.eval()
        with torch.no_grad():
            o = pupil(X[te]); print(s + 1, "%.4f" % l.item(), "held-out %.4f" % F.cross_entropy(o, y[te]).item(), "acc %.4f" % (o.argmax(1) == y[te]).float().mean().item())
        pupil.train(m)
