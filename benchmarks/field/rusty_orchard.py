import numpy as np, torch, torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold

X, y = load_wine(return_X_y=True)
torch.manual_seed(5)
accs, losses = [], []
for fold, (tr, te) in enumerate(StratifiedKFold(4, shuffle=True, random_state=0).split(X, y)):
    Xt, Xe = X[tr], X[te]
    Xt, Xe = torch.tensor(Xt, dtype=torch.float), torch.tensor(Xe, dtype=torch.float)
    yt, ye = torch.tensor(y[tr]), torch.tensor(y[te])
    clf = nn.Sequential(nn.Linear(13, 32), nn.GELU(), nn.Linear(32, 3))
    opt = torch.optim.SGD(clf.parameters(), lr=0.01, momentum=0.9, nesterov=True)
    for step in range(300):
        i = torch.randint(0, len(Xt), (32,))
        opt.zero_grad()
        loss = nn.functional.cross_entropy(clf(Xt[i]), yt[i])
        loss.backward()
        nn.utils.clip_grad_norm_(clf.parameters(), 2.0)
        opt.step()
        if step % 100 == 0:
            print("fold", fold, "step", step, "loss %.4f" % loss.item())
    with torch.no_grad():
        o = clf(Xe)
        accs.append((o.argmax(1) == ye).float().mean().item())
        losses.append(nn.functional.cross_entropy(o, ye).item())
print("cv accuracy %.3f  cv loss %.3f" % (np.mean(accs), np.mean(losses)))
