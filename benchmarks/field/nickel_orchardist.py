import torch
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.func import functional_call, grad_and_value

torch.manual_seed(9)
X, y = load_breast_cancer(return_X_y=True)
X = torch.tensor(StandardScaler().fit_transform(X)).float()
y = torch.tensor(y).float()
order = torch.randperm(len(X))
X, y = X[order], y[order]
net = nn.Sequential(nn.Linear(30, 32), nn.Tanh(), nn.Linear(32, 1))
params = {k: v.detach().clone() for k, v in net.named_parameters()}


def objective(p, xb, yb):
    z = functional_call(net, p, (xb,)).squeeze(1)
    return nn.functional.binary_cross_entropy_with_logits(z, yb)


def sgd(p, g, lr):
    return {k: v - lr * g[k] for k, v in p.items()}


for step in range(1500):
    i = torch.randint(0, 450, (32,))
    g, value = grad_and_value(objective)(params, X[i], y[i])
    sgd(params, g, 0.05)
    if step % 150 == 0:
        print("step", step, "loss", round(value.item(), 4))
print("test loss", round(objective(params, X[450:], y[450:]).item(), 4))
