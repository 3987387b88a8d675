import numpy as np
import torch
from sklearn.datasets import make_regression

torch.set_num_threads(1)
torch.manual_seed(7)
X, y = make_regression(4000, 20, n_informative=15, effective_rank=None, noise=0.0, random_state=2)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)
X = torch.cat([X, X[:, :4] * X[:, 4:8]], 1)
y = y + 0.3 * torch.tanh(X[:, 0] * 2)
xtr, ytr, xva, yva = X[:3000], y[:3000] + 0.6 * torch.randn(3000), X[3000:], y[3000:]


class TwoLayer:
    def __init__(self, d, h):
        self.w1 = (torch.randn(d, h) / d ** 0.5).requires_grad_()
        self.b1 = torch.zeros(h, requires_grad=True)
        self.w2 = (torch.randn(h, 1) / h ** 0.5).requires_grad_()
        self.b2 = torch.zeros(1, requires_grad=True)
        self.params = [self.w1, self.b1, self.w2, self.b2]
        self.velocity = [torch.zeros_like(p) for p in self.params]

    def __call__(self, x):
        return (torch.nn.functional.softplus(x @ self.w1 + self.b1) @ self.w2 + self.b2).squeeze(1)

    def update(self, lr, mu):
        with torch.no_grad():
            for p, v in zip(self.params, self.velocity):
                v.mul_(mu).add_(p.grad)
                p.sub_(lr * v)
                p.grad = None


model = TwoLayer(24, 64)
for epoch in range(40):
    ls = []
    for b in torch.randperm(3000).split(50):
        loss = ((model(xtr[b]) - ytr[b]) ** 2).mean()
        loss.backward()
        model.update(0.043, 0.9)
        ls.append(loss.item())
    if epoch % 4 == 3:
        with torch.no_grad():
            print('epoch', epoch + 1, 'train', round(float(np.mean(ls)), 4), 'valid (clean)', round(((model(xva) - yva) ** 2).mean().item(), 4))
