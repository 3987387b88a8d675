import torch
import torch.nn as nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(15)
d = load_digits()
X = torch.tensor(d.images).float().unsqueeze(1) / 16
y = torch.tensor(d.target)
s = torch.randperm(len(X)); X, y = X[s], y[s]
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 12, 3, stride=2, padding=1)
        self.hid = nn.Linear(12 * 16, 64)
        self.out = nn.Linear(64, 10)
        nn.init.constant_(self.hid.bias, 11.0)
    def forward(self, x):
        x = torch.sigmoid(self.conv(x)).flatten(1) - 0.5
        x = torch.sigmoid(self.hid(4 * x))
        return self.out(x)
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
for it in range(900):
    i = torch.randint(0, 1400, (48,))
    loss = nn.functional.cross_entropy(net(X[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 150 == 0: print(it, round(loss.item(), 4))
with torch.no_grad():
    o = net(X[1400:])
    print("train", nn.functional.cross_entropy(net(X[:1400]), y[:1400]).item(), "test", nn.functional.cross_entropy(o, y[1400:]).item(), "acc", (o.argmax(1) == y[1400:]).float().mean().item())
