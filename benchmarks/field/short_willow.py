import torch
from sklearn.datasets import load_iris

torch.manual_seed(0)
torch.set_num_threads(1)
X, y = load_iris(return_X_y=True)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor(y)
p = torch.randperm(150)
tr, te = p[:110], p[110:]
model = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.Tanh(), torch.nn.Linear(16, 3))
opt = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(15):
    for b in tr[torch.randperm(110)].split(10):
        loss = torch.nn.functional.cross_entropy(model(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            a = torch.nn.functional.cross_entropy(model(X[tr]), y[tr]).item()
            o = model(X[te])
            print(epoch + 1, round(a, 4), round(torch.nn.functional.cross_entropy(o, y[te]).item(), 4), (o.argmax(1) == y[te]).float().mean().item())
