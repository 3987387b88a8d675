import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(22)
X, y = load_digits(return_X_y=True)
a, b, ya, yb = train_test_split(torch.tensor(X).float() / 16, torch.tensor(y), test_size=0.25, random_state=3)


def init(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, std=0.005)
        nn.init.zeros_(m.bias)


net = nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 100), nn.ReLU(), nn.Linear(100, 100), nn.ReLU(), nn.Linear(100, 10))
net.apply(init)
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for step in range(1500):
    i = torch.randint(0, len(a), (64,))
    loss = nn.functional.cross_entropy(net(a[i]), ya[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print("step", step, round(loss.item(), 4))
with torch.no_grad():
    print("test", round(nn.functional.cross_entropy(net(b), yb).item(), 4), (net(b).argmax(1) == yb).float().mean().item())
