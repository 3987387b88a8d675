import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(21)
data = load_digits()
X = torch.tensor(data.images, dtype=torch.float32).unsqueeze(1) / 16 - 0.3
Y = torch.tensor(data.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]

class SmallCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 12, 3, padding=1)
        self.c2 = nn.Conv2d(12, 24, 3, padding=1)
        self.fc = nn.Linear(24 * 4, 10)
        for c in (self.c1, self.c2):
            f = torch.randn(1, 1, 3, 3) * (2 / (9 * c.in_channels)) ** 0.5
            c.weight.data = f.repeat(c.out_channels, c.in_channels, 1, 1)
            c.bias.data.zero_()
        self.fc.weight.data.zero_()
        self.fc.weight.data += 0.01 * torch.randn(10, 1)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        return self.fc(x.flatten(1))

def evaluate(net, a, b):
    with torch.no_grad():
        o = net(X[a:b])
        return F.cross_entropy(o, Y[a:b]).item(), (o.argmax(1) == Y[a:b]).float().mean().item()

net = SmallCNN()
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
n = 0
for epoch in range(12):
    for b in range(0, 1400, 50):
        opt.zero_grad()
        loss = F.cross_entropy(net(X[b:b + 50]), Y[b:b + 50])
        loss.backward()
        opt.step()
        n += 1
    if epoch % 3 == 0:
        print("epoch", epoch, "loss", round(loss.item(), 4))
print("train loss %.4f acc %.4f" % evaluate(net, 0, 1400), "| test loss %.4f acc %.4f" % evaluate(net, 1400, len(X)))
