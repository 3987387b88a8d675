import torch
from sklearn.datasets import make_classification

X, y = make_classification(n_samples=3000, n_features=150, n_informative=15, n_redundant=0, n_clusters_per_class=1, class_sep=1.5, random_state=6)
X = torch.tensor(X, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(y, dtype=torch.float32) * 2 - 1
torch.manual_seed(6)
w = torch.nn.Parameter(torch.zeros(150))
b = torch.nn.Parameter(torch.zeros(1))
opt = torch.optim.AdamW([{"params": [w], "weight_decay": 0.5}, {"params": [b], "weight_decay": 0.0}], lr=5e-3)
for it in range(4000):
    i = torch.randint(0, 2200, (64,))
    margin = y[i] * (X[i] @ w + b)
    hinge = torch.relu(1 - margin).square().mean()
    opt.zero_grad()
    hinge.backward()
    opt.step()
    if it % 800 == 799:
        with torch.no_grad():
            m = y[2200:] * (X[2200:] @ w + b)
        print(it + 1, "squared hinge", round(hinge.item(), 4), "held-out", round(torch.relu(1 - m).square().mean().item(), 4), "accuracy", round((m > 0).float().mean().item(), 4))
