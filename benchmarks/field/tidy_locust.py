import torch
import torch.nn as nn
from torch.optim import SGD
from sklearn.datasets import load_digits

torch.manual_seed(16)
d = load_digits()
X, Y = torch.tensor(d.data).float().div(16).sub(0.3), torch.tensor(d.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh())
        self.head = nn.Linear(24, 10)

    def forward(self, x):
        return self.head(self.body(x))


net = Net()
opt = SGD([
    {"params": net.body.parameters(), "lr": 2e-6},
    {"params": net.head.parameters(), "lr": 2e-2},
], momentum=0.9)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(30):
    for i in range(0, 1400, 28):
        loss = loss_fn(net(X[i:i + 28]), Y[i:i + 28])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            out = net(X[1400:])
        print(epoch + 1, "train", f"{loss.item():.4f}", "val", f"{loss_fn(out, Y[1400:]).item():.4f}", "acc", f"{(out.argmax(1) == Y[1400:]).float().mean().item():.4f}")
