import torch
from sklearn.datasets import load_iris

torch.manual_seed(0)
X, y = load_iris(return_X_y=True)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float(); y = torch.tensor(y)
p = torch.randperm(150)
a, b = p[:110], p[110:]
W = torch.zeros(4, 3, requires_grad=True)
c = torch.zeros(3, requires_grad=True)
opt = torch.optim.Adam([W, c], lr=0.1)
for step in range(60):
    i = a[torch.randint(0, 110, (32,))]
    loss = torch.nn.functional.cross_entropy(X[i] @ W + c, y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 10 == 9:
        print(step + 1, round(loss.item(), 4))
o = (X[b] @ W + c).detach()
print("test loss", round(torch.nn.functional.cross_entropy(o, y[b]).item(), 4), "test acc", (o.argmax(1) == y[b]).float().mean().item())
