import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
torch.manual_seed(3)
torch.set_num_threads(1)
X, y = load_digits(return_X_y=True)
X = (X - X.mean(0)) / (X.std(0) + 1e-3)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=0)
Xa, Xb = torch.tensor(Xa).float(), torch.tensor(Xb).float()
ya, yb = torch.tensor(ya), torch.tensor(yb)

class Net(nn.Module):
    def __init__(self, hidden=96):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.head = nn.Linear(hidden, 10)
        nn.init.normal_(self.head.weight, std=4.0)
        nn.init.zeros_(self.head.bias)
    def forward(self, x):
        return self.head(self.body(x))

net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(600):
    idx = torch.randint(0, len(Xa), (64,))
    loss = F.cross_entropy(net(Xa[idx]), ya[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    o, p = net(Xa), net(Xb)
    print(f"train loss {F.cross_entropy(o, ya):.4f} test loss {F.cross_entropy(p, yb):.4f} test acc {(p.argmax(1) == yb).float().mean():.4f}")
