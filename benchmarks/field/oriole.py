import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(5)
V, T = 24, 8
def gen(n):
    x = torch.randint(0, V, (n, T))
    y = (x + torch.cat([torch.zeros(n, 1, dtype=torch.long), x[:, :-1]], 1)) % V
    return x, y
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(V, 16); self.g = nn.GRU(16, 48, batch_first=True); self.o = nn.Linear(48, V)
    def forward(self, x):
        return self.o(self.g(self.e(x))[0])
net = Net()
BATCH = 1000
SEEN = 100000
opt = torch.optim.Adam(net.parameters(), lr=2e-2)
steps = SEEN // BATCH
xv, yv = gen(1000)
for k in range(steps):
    x, y = gen(BATCH)
    loss = F.cross_entropy(net(x).flatten(0, 1), y.flatten())
    opt.zero_grad(); loss.backward(); opt.step()
    if k % (steps // 10) == 0: print('seen', k * BATCH, 'loss', round(loss.item(), 4))
with torch.no_grad():
    a, b = gen(1000)
    print('train', round(F.cross_entropy(net(a).flatten(0, 1), b.flatten()).item(), 4), 'held-out', round(F.cross_entropy(net(xv).flatten(0, 1), yv.flatten()).item(), 4), 'acc', round((net(xv).argmax(-1) == yv).float().mean().item(), 4))
