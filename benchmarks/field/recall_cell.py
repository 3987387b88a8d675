import torch
import torch.nn as nn
torch.manual_seed(111)
T, K = 20, 4
def draw(n):
    x = torch.randint(K, 8, (n, T))
    y = torch.randint(0, K, (n,))
    x[:, 0] = y
    return x, y

class Recall(nn.Module):
    def __init__(self, d=16, h=32):
        super().__init__()
        self.e = nn.Embedding(8, d)
        self.r = nn.RNN(d, h, batch_first=True)
        self.o = nn.Linear(h, K)
        with torch.no_grad():
            self.r.weight_hh_l0.mul_(0.5)
    def forward(self, x):
        return self.o(self.r(self.e(x))[0][:, -1])

net = Recall()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
for s in range(400):
    x, y = draw(32)
    l = nn.functional.cross_entropy(net(x), y)
    opt.zero_grad(); l.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if s % 50 == 49:
        print(s + 1, round(l.item(), 4))
x, y = draw(1000)
with torch.no_grad():
    o = net(x)
    print("test", nn.functional.cross_entropy(o, y).item(), "acc", (o.argmax(1) == y).float().mean().item())
