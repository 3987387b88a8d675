import torch
from sklearn.datasets import load_breast_cancer
torch.manual_seed(109)
d = load_breast_cancer()
X = torch.tensor((d.data - d.data.mean(0)) / d.data.std(0)).float()
y = torch.tensor(d.target).float()
p = torch.randperm(len(y)); X, y = X[p], y[p]
w = torch.zeros(30, requires_grad=True); b = torch.zeros(1, requires_grad=True)
opt = torch.optim.LBFGS([w, b], lr=1.0, max_iter=1, history_size=10, line_search_fn='strong_wolfe')
def closure():
    opt.zero_grad()
    loss = torch.nn.functional.binary_cross_entropy_with_logits(X[:450] @ w + b, y[:450]) + 2e-3 * w.pow(2).sum()
    loss.backward()
    return loss
for it in range(60):
    loss = opt.step(closure)
    if it % 10 == 0: print(it, loss.item())
with torch.no_grad():
    print('final', closure.__name__, loss.item(), 'test acc', (((X[450:] @ w + b) > 0) == (y[450:] > 0.5)).float().mean().item())
