import torch
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

torch.manual_seed(41)
X, y = load_breast_cancer(return_X_y=True)
X = torch.tensor(StandardScaler().fit_transform(X)).float()
y = torch.tensor(y).float()
p = torch.randperm(len(y)); X, y = X[p], y[p]
miss = torch.rand(len(y)) < 0.25       # simulated annotation errors
y = torch.where(miss, 1 - y, y)

class SGDW:
    """Plain SGD with decoupled weight decay."""
    def __init__(self, params, lr, wd):
        self.params, self.lr, self.wd = list(params), lr, wd
    def zero_grad(self):
        for q in self.params: q.grad = None
    @torch.no_grad()
    def step(self):
        for q in self.params:
            q.add_(q.grad, alpha=-self.lr)
            q.mul_(1 + self.lr * self.wd)

net = torch.nn.Sequential(torch.nn.Linear(30, 6), torch.nn.LeakyReLU(0.1), torch.nn.Linear(6, 1))
opt = SGDW(net.parameters(), lr=0.03, wd=0.15)
bce = torch.nn.functional.binary_cross_entropy_with_logits
for step in range(1, 1801):
    b = torch.randint(0, 450, (32,))
    opt.zero_grad()
    loss = bce(net(X[b]).squeeze(1), y[b])
    loss.backward()
    opt.step()
    if step % 300 == 0:
        with torch.no_grad():
            print(step, 'train', bce(net(X[:450]).squeeze(1), y[:450]).item(), 'test', bce(net(X[450:]).squeeze(1), y[450:]).item())
