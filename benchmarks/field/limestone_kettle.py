import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(3)
X, y = load_digits(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X / 16.0, y, test_size=0.3, random_state=1, stratify=y)
Xa, Xb = torch.tensor(Xa).float(), torch.tensor(Xb).float()
ya, yb = torch.tensor(ya), torch.tensor(yb)


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.fc1 = nn.Linear(d, 2 * d)
        self.fc2 = nn.Linear(2 * d, d)

    def forward(self, x):
        return x + self.fc2(F.gelu(self.fc1(self.norm(x))))


class Net(nn.Module):
    def __init__(self, d=96, depth=3):
        super().__init__()
        self.stem = nn.Linear(64, d)
        self.blocks = nn.Sequential(*[Block(d) for _ in range(depth)])
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, 10)
        nn.init.normal_(self.head.weight, std=1.5)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.stem(x))))


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.02)
for epoch in range(20):
    net.train()
    total = 0.0
    for idx in torch.randperm(len(Xa)).split(32):
        loss = F.cross_entropy(net(Xa[idx]), ya[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1} train {total / len(Xa):.4f}")
net.eval()
with torch.no_grad():
    out = net(Xb)
print(f"test loss {F.cross_entropy(out, yb):.4f} accuracy {(out.argmax(1) == yb).float().mean():.4f}")
