import torch
from sklearn.datasets import load_digits

torch.manual_seed(8)
X = torch.tensor(load_digits().data, dtype=torch.float32)
X = (X - X.mean()) / X.std()
X = X[torch.randperm(len(X))]
train, test = X[:1500], X[1500:]

sizes = [64, 100, 12, 100, 64]
weights = [torch.randn(a, b).requires_grad_() for a, b in zip(sizes, sizes[1:])]
biases = [torch.zeros(b, requires_grad=True) for b in sizes[1:]]
with torch.no_grad():
    weights[-1].mul_(0.1)

def forward(x):
    for k, (w, b) in enumerate(zip(weights, biases)):
        x = x @ w + b
        if k < len(weights) - 1:
            x = torch.tanh(x)
    return x

opt = torch.optim.Adam(weights + biases, lr=1e-3)
for epoch in range(130):
    total = 0.
    for xb in train[torch.randperm(1500)].split(50):
        loss = torch.mean((forward(xb) - xb) ** 2)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    if (epoch + 1) % 13 == 0:
        with torch.no_grad():
            print(f'epoch {epoch + 1} train {total / 30:.4f} test {torch.mean((forward(test) - test) ** 2):.4f}')
