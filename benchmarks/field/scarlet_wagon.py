import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold

torch.set_num_threads(1)
X, y = load_wine(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y)


def run_fold(tr, te, seed):
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(13, 32), nn.Tanh(), nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, 3))
    opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
    for epoch in range(120):
        perm = tr[np.random.RandomState(epoch).permutation(len(tr))]
        losses = []
        for k in range(0, len(perm), 16):
            b = perm[k:k + 16]
            loss = nn.functional.cross_entropy(net(X[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        if epoch % 40 == 39:
            print('   epoch', epoch + 1, 'loss', round(np.mean(losses), 4))
    with torch.no_grad():
        o = net(X[te])
        return nn.functional.cross_entropy(o, y[te]).item(), (o.argmax(1) == y[te]).float().mean().item()


scores = []
for k, (tr, te) in enumerate(StratifiedKFold(3, shuffle=True, random_state=0).split(X, y)):
    scores.append(run_fold(tr, te, k))
    print('fold', k, 'held-out loss %.4f accuracy %.3f' % scores[-1])
print('mean', np.mean(scores, axis=0).round(4))
