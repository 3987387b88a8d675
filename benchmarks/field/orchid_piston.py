import torch
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import scale

torch.manual_seed(5)
data = load_diabetes()
X = torch.tensor(scale(data.data)).float()
y = torch.tensor(scale(data.target)).float()
perm = torch.randperm(len(X))
tr, te = perm[:340], perm[340:]
w1 = torch.randn(10, 12) * 0.25
c1 = torch.zeros(12)
w2 = torch.randn(12) * 0.2
c2 = torch.zeros(1)
ws = [w1, c1, w2, c2]
for w in ws:
    w.requires_grad_(True)
lr = 0.01


def net(x):
    return torch.tanh(x @ w1 + c1) @ w2 + c2


for step in range(1500):
    batch = tr[torch.randint(0, 340, (32,))]
    loss = ((net(X[batch]) - y[batch]) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for w in ws:
            w -= lr * w.grad
    if step % 150 == 0:
        print(f"step {step}: {loss.item():.4f}")
with torch.no_grad():
    print(f"train {((net(X[tr]) - y[tr]) ** 2).mean().item():.4f} test {((net(X[te]) - y[te]) ** 2).mean().item():.4f}")
