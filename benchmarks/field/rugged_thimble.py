import torch
from sklearn.datasets import load_iris

torch.manual_seed(75)
d = load_iris()
x = torch.tensor(d.data, dtype=torch.float32)
x = (x - x.mean(0)) / x.std(0)
y = torch.tensor(d.target)
p = torch.randperm(150)
lin = torch.nn.Linear(4, 3)
opt = torch.optim.Adam(lin.parameters(), lr=0.1)
for k in range(60):
    loss = torch.nn.functional.cross_entropy(lin(x[p[:110]]), y[p[:110]])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if k % 10 == 0:
        print(k, loss.item())
print("test accuracy", (lin(x[p[110:]]).argmax(1) == y[p[110:]]).float().mean().item())
