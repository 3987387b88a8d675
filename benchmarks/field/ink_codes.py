import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(15)
X = torch.tensor(load_digits().data / 16.0).float()
X = X[torch.randperm(len(X))]
train, valid = X[:1500], X[1500:]
n_vis, n_hid = 64, 40
W = (torch.rand(n_vis, n_hid)).requires_grad_()
b = torch.zeros(n_hid, requires_grad=True)
V = (0.1 * torch.randn(n_hid, n_vis)).requires_grad_()
c = torch.zeros(n_vis, requires_grad=True)


def reconstruct(x):
    code = torch.sigmoid(x @ W + b)
    return torch.sigmoid(code @ V + c)


def cost(x):
    return F.binary_cross_entropy(reconstruct(x), x, reduction='none').sum(1).mean()


opt = torch.optim.SGD([W, b, V, c], lr=0.02, momentum=0.9)
for epoch in range(60):
    for idx in torch.randperm(len(train)).split(50):
        loss = cost(train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 6 == 5:
        with torch.no_grad():
            print(f'epoch {epoch + 1} train {cost(train).item():.4f} valid {cost(valid).item():.4f}')
