import numpy as np
import torch, torch.nn as nn
from sklearn.datasets import load_breast_cancer
rng = np.random.default_rng(0)
torch.manual_seed(0)
X, y = load_breast_cancer(return_X_y=True)
X = (X - X.mean(0)) / X.std(0)
order = rng.permutation(len(X))
X = X[order]
order = rng.permutation(len(y))
y = y[order]
X, y = torch.tensor(X).float(), torch.tensor(y).float()
model = nn.Sequential(nn.Linear(30, 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.05, weight_decay=0.03)
for e in range(30):
    for c in torch.randperm(450).split(30):
        loss = nn.functional.binary_cross_entropy_with_logits(model(X[c]).squeeze(1), y[c])
        opt.zero_grad(); loss.backward(); opt.step()
    if e % 5 == 4:
        with torch.no_grad():
            tr = nn.functional.binary_cross_entropy_with_logits(model(X[:450]).squeeze(1), y[:450]).item()
            o = model(X[450:]).squeeze(1)
            print(e + 1, "train %.4f" % tr, "val %.4f" % nn.functional.binary_cross_entropy_with_logits(o, y[450:]).item(), "acc %.4f" % ((o > 0) == (y[450:] > 0)).float().mean().item())
