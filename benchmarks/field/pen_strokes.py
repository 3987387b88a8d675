import torch, torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X = (X - X.mean()) / X.std()
Xa, Xb, ya, yb = train_test_split(torch.tensor(X).float(), torch.tensor(y), test_size=0.25, random_state=0)

class DeepNet(nn.Module):
    def __init__(self, width=96, depth=8):
        super().__init__()
        dims = [64] + [width] * depth
        self.body = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        self.out = nn.Linear(width, 10)
        for layer in self.body:
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)
    def forward(self, x):
        for layer in self.body:
            x = torch.relu(layer(x))
        return self.out(x)

net = DeepNet()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
lossf = nn.CrossEntropyLoss()
for epoch in range(12):
    perm = torch.randperm(len(Xa))
    tot = 0
    for i in range(0, len(Xa), 32):
        j = perm[i:i + 32]
        opt.zero_grad()
        l = lossf(net(Xa[j]), ya[j])
        l.backward()
        opt.step()
        tot += l.item() * len(j)
    if epoch % 4 == 0:
        print("epoch", epoch, "train loss", round(tot / len(Xa), 4))
with torch.no_grad():
    print("train", round(tot / len(Xa), 4), "test acc", (net(Xb).argmax(1) == yb).float().mean().item())
