import torch
from sklearn.datasets import load_digits

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
p = torch.randperm(len(X))
X, y = torch.tensor(X / 16).float()[p], torch.tensor(y)[p]
W1 = (torch.randn(64, 50) / 8).requires_grad_()
b1 = torch.zeros(50, requires_grad=True)
W2 = (torch.randn(50, 10) / 50 ** 0.5).requires_grad_()
b2 = torch.zeros(10, requires_grad=True)
params = [W1, b1, W2, b2]
eta = 1e-4


def forward(x):
    return torch.relu(x @ W1 + b1) @ W2 + b2


for step in range(3000):
    i = torch.randint(0, 1400, (32,))
    loss = torch.nn.functional.cross_entropy(forward(X[i]), y[i])
    grads = torch.autograd.grad(loss, params)
    with torch.no_grad():
        for w, g in zip(params, grads):
            w -= eta * g
    if step % 300 == 0:
        print(step, loss.item())
with torch.no_grad():
    out = forward(X[1400:])
print("test loss", torch.nn.functional.cross_entropy(out, y[1400:]).item(), "acc", (out.argmax(1) == y[1400:]).float().mean().item())
