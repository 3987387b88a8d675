import torch
from sklearn.datasets import load_digits

torch.manual_seed(18)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32)
X = (X - X.mean()) / X.std()
y = torch.tensor(y)
g = torch.Generator().manual_seed(0)
scale = [1.2, 1.2]
W = [torch.randn(64, 100, generator=g) * scale[0], torch.randn(100, 100, generator=g) * scale[1],
     torch.randn(100, 10, generator=g) * 0.05]
b = [torch.zeros(100), torch.zeros(100), torch.zeros(10)]
for t in W + b:
    t.requires_grad_(True)


def forward(x):
    for i in range(2):
        x = torch.tanh(x @ W[i] + b[i])
    return x @ W[2] + b[2]


opt = torch.optim.SGD(W + b, lr=0.05, weight_decay=1e-4)
perm = torch.randperm(len(y), generator=g)
tr, te = perm[:1300], perm[1300:]
for step in range(2000):
    i = tr[torch.randint(0, 1300, (64,), generator=g)]
    loss = torch.nn.functional.cross_entropy(forward(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(step, "%.4f" % loss.item())
with torch.no_grad():
    o = forward(X[te])
    print("test loss %.4f acc %.4f" % (torch.nn.functional.cross_entropy(o, y[te]).item(), (o.argmax(1) == y[te]).float().mean().item()))
