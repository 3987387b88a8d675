import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset

cfg = dict(width=100, depth=10, lr=0.02, epochs=40, batch=64, seed=3)
torch.manual_seed(cfg['seed'])
X, y = load_digits(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=0)
mu, sd = Xa.mean(), Xa.std()
to = lambda a: torch.tensor((a - mu) / sd, dtype=torch.float32)
loader = DataLoader(TensorDataset(to(Xa), torch.tensor(ya)), batch_size=cfg['batch'], shuffle=True)
Xv, yv = to(Xb), torch.tensor(yb)


def init(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, mean=0.0, std=0.05)
        nn.init.zeros_(m.bias)


layers, d = [], 64
for _ in range(cfg['depth']):
    layers += [nn.Linear(d, cfg['width']), nn.ReLU()]
    d = cfg['width']
net = nn.Sequential(*layers, nn.Linear(d, 10))
net.apply(init)
crit = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=cfg['lr'], momentum=0.9)

for ep in range(cfg['epochs']):
    run = 0.0
    for xb, tb in loader:
        opt.zero_grad()
        l = crit(net(xb), tb)
        l.backward()
        opt.step()
        run += l.item() * len(xb)
    if ep % 4 == 0 or ep == cfg['epochs'] - 1:
        with torch.no_grad():
            o = net(Xv)
            print(f"epoch {ep:3d}  train {run / len(Xa):.4f}  val {crit(o, yv):.4f}  acc {(o.argmax(1) == yv).float().mean():.3f}")
