import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(303)
ds = load_digits()
X = torch.tensor((ds.data - ds.data.mean()) / ds.data.std()).float()
Y = torch.tensor(ds.target)
class Wide(nn.Module):
    def __init__(self, k=8, h=4):
        super().__init__()
        first = nn.Linear(64, h)
        self.l = nn.Linear(64, k * h)
        with torch.no_grad():
            self.l.weight.copy_(first.weight.repeat(k, 1)); self.l.bias.copy_(first.bias.repeat(k))
        self.read = nn.Linear(k * h, 10)
        nn.init.zeros_(self.read.weight); nn.init.zeros_(self.read.bias)
    def forward(self, x):
        return self.read(torch.relu(self.l(x)))
net = Wide()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
for s in range(400):
    i = torch.randint(0, 1400, (32,))
    l = nn.functional.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 50 == 49:
        with torch.no_grad():
            o = net(X[1400:])
        print(s + 1, "%.4f" % l.item(), "test %.4f" % nn.functional.cross_entropy(o, Y[1400:]).item(), "acc %.4f" % (o.argmax(1) == Y[1400:]).float().mean().item())
