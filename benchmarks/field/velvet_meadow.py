import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(3)
d = load_digits()
Xtr, Xte, ytr, yte = train_test_split(d.data / 16.0 - 0.3, d.target, test_size=0.3, random_state=0)
Xtr, Xte = torch.tensor(Xtr).float(), torch.tensor(Xte).float()
ytr, yte = torch.tensor(ytr), torch.tensor(yte)


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.a = nn.Linear(d, d)
        self.b = nn.Linear(d, d)

    def forward(self, x):
        return x + self.b(torch.relu(self.a(self.norm(x))))


class Net(nn.Module):
    def __init__(self, width=128, n=2):
        super().__init__()
        self.stem = nn.Linear(64, width)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(n)])
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, 10)
        nn.init.normal_(self.out.weight, std=1.5)

    def forward(self, x):
        return self.out(self.norm(self.blocks(self.stem(x))))


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.02)
crit = nn.CrossEntropyLoss()
for epoch in range(60):
    order = torch.randperm(len(Xtr))
    tot = 0
    for i in range(0, len(Xtr), 32):
        b = order[i:i + 32]
        loss = crit(net(Xtr[b]), ytr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    if epoch % 10 == 0 or epoch == 59:
        with torch.no_grad():
            o = net(Xte)
        print(f"epoch {epoch} train {tot/len(Xtr):.3f} test loss {crit(o, yte):.3f} acc {(o.argmax(1)==yte).float().mean():.3f}")
