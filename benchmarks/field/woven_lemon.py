import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_friedman1

torch.set_num_threads(1)
torch.manual_seed(2024)
X, y = make_friedman1(4500, noise=0.8, random_state=9)
X = torch.as_tensor(X * 2 - 1, dtype=torch.float32)
y = torch.as_tensor(y, dtype=torch.float32)
y = (y - y[:3500].mean()) / y[:3500].std()

net = nn.Sequential(nn.Linear(10, 50), nn.Tanh(), nn.Linear(50, 50), nn.Tanh(), nn.Linear(50, 1))
opt = torch.optim.SGD(net.parameters(), lr=3e-4, weight_decay=1e-4, momentum=0.5)


def loop(n_epochs):
    for e in range(n_epochs):
        for batch in torch.randperm(3500).split(35):
            yield e, batch


last = -1
acc = []
for e, batch in loop(50):
    if e != last and e % 5 == 0:
        if acc:
            v = F.mse_loss(net(X[3500:]).squeeze(1), y[3500:]).item()
            print(f'after {e} epochs: train {sum(acc) / len(acc):.4f}, valid {v:.4f}')
        acc = []
    last = e
    loss = F.mse_loss(net(X[batch]).squeeze(1), y[batch])
    opt.zero_grad()
    loss.backward()
    opt.step()
    acc.append(loss.item())
print(f'end: train {sum(acc) / len(acc):.4f}, valid {F.mse_loss(net(X[3500:]).squeeze(1), y[3500:]).item():.4f}')
