import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X = (X - X.mean()) / X.std()
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=0)
Xa, Xb = torch.tensor(Xa).float(), torch.tensor(Xb).float()
ya, yb = torch.tensor(ya), torch.tensor(yb)

def make(width=160, depth=7):
    layers, d = [], 64
    for _ in range(depth):
        layers += [nn.Linear(d, width), nn.ReLU()]
        d = width
    layers.append(nn.Linear(d, 10))
    return nn.Sequential(*layers)

def init(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, std=0.03)
        nn.init.zeros_(m.bias)

net = make().apply(init)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
crit = nn.CrossEntropyLoss()
for epoch in range(1, 141):
    perm = torch.randperm(len(Xa))
    tot = 0.
    for i in range(0, len(Xa), 64):
        j = perm[i:i + 64]
        opt.zero_grad()
        loss = crit(net(Xa[j]), ya[j])
        loss.backward()
        opt.step()
        tot += loss.item() * len(j)
    if epoch % 10 == 0:
        with torch.no_grad():
            out = net(Xb)
        print(f'epoch {epoch}: train {tot / len(Xa):.4f} test {crit(out, yb):.4f} acc {(out.argmax(1) == yb).float().mean():.3f}')
