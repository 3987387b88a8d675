import torch
import torch.nn as nn
from sklearn.datasets import make_friedman3
torch.manual_seed(311)
X, y = make_friedman3(2500, noise=0.05, random_state=4)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor((y - y.mean()) / y.std()).float()
body = nn.Sequential(nn.Linear(4, 50), nn.Tanh(), nn.Linear(50, 50), nn.Tanh())
out = nn.Linear(50, 1)
for m in body:
    if isinstance(m, nn.Linear):
        nn.init.uniform_(m.bias, 2.0, 4.5)
        m.bias.data *= torch.randint(0, 2, m.bias.shape) * 2.0 - 1.0
opt = torch.optim.SGD([*body.parameters(), *out.parameters()], lr=0.02, momentum=0.9)
for s in range(900):
    i = torch.randint(0, 2000, (50,))
    l = nn.functional.mse_loss(out(body(X[i])).squeeze(1), y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 100 == 99:
        with torch.no_grad(): print(s + 1, "train %.4f test %.4f" % (l.item(), nn.functional.mse_loss(out(body(X[2000:])).squeeze(1), y[2000:]).item()))
