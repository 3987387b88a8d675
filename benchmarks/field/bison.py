import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1); torch.manual_seed(1)
d = load_digits()
X, Y = torch.tensor(d.data / 8 - 1).float(), torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
A, B = Y < 7, Y >= 7
body = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU())
head = nn.Linear(128, 7)
def fit(model, params, x, y, steps, lr):
    opt = torch.optim.Adam(params, lr=lr)
    for s in range(steps):
        k = torch.randint(0, len(x), (32,))
        l = nn.functional.cross_entropy(model(x[k]), y[k])
        opt.zero_grad(); l.backward(); opt.step()
        if s % 100 == 0: print(s, l.item())
fit(nn.Sequential(body, head), [*body.parameters(), *head.parameters()], X[A], Y[A], 400, 1e-3)
for q in body.parameters():
    q.requires_grad_(False)
new = nn.Linear(128, 3)
xb, yb = X[B], Y[B] - 7
m = nn.Sequential(body, new)
fit(m, new.parameters(), xb[:400], yb[:400], 800, 3e-3)
with torch.no_grad():
    o = m(xb[400:])
    print("train", nn.functional.cross_entropy(m(xb[:400]), yb[:400]).item(), "test", nn.functional.cross_entropy(o, yb[400:]).item(), "acc", (o.argmax(1) == yb[400:]).float().mean().item())
