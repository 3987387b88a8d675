import torch
from sklearn.datasets import load_breast_cancer
torch.manual_seed(505)
X, y = load_breast_cancer(return_X_y=True)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float(); y = torch.tensor(y).float(); pm = torch.randperm(len(X)); X, y = X[pm], y[pm]
w, b = torch.zeros(30, requires_grad=True), torch.zeros(1, requires_grad=True)
opt = torch.optim.SGD([w, b], lr=0.3, momentum=0.9, nesterov=True)
def nll(X, y): return torch.nn.functional.binary_cross_entropy_with_logits(X @ w + b, y)
for s in range(300):
    l = nll(X[:420], y[:420]) + 0.01 * w.pow(2).sum()
    opt.zero_grad(); l.backward(); opt.step()
    if s % 30 == 29:
        with torch.no_grad(): print(s + 1, "%.4f" % l.item(), "held-out %.4f acc %.4f" % (nll(X[420:], y[420:]).item(), ((X[420:] @ w + b > 0).float() == y[420:]).float().mean().item()))
