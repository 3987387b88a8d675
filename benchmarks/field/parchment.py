import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(1)
V = 24
P = torch.softmax(torch.randn(V, V) * 1.6, 1)
def sample(n, T=16):
    s = torch.randint(0, V, (n, 1))
    for _ in range(T): s = torch.cat([s, torch.multinomial(P[s[:, -1]], 1)], 1)
    return s[:, :-1], s[:, 1:]
class LM(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.emb = nn.Embedding(V, d)
        nn.init.normal_(self.emb.weight, std=0.2)
        self.rnn = nn.LSTM(d, d, batch_first=True)
        self.out = nn.Linear(d, V)
        self.out.weight = self.emb.weight
    def forward(self, x): return self.out(self.rnn(self.emb(x))[0])
net = LM()
opt = torch.optim.Adam(net.parameters(), lr=0.006)
xv, yv = sample(500)
f = lambda x, y: F.cross_entropy(net(x).flatten(0, 1), y.flatten())
for k in range(800):
    x, y = sample(48)
    loss = f(x, y); opt.zero_grad(); loss.backward(); opt.step()
    if k % 100 == 0: print(k, round(loss.item(), 4))
with torch.no_grad():
    x, y = sample(500)
    print('floor %.4f' % -(P[x.flatten(), y.flatten()].log().mean()), 'train %.4f held-out %.4f' % (f(x, y), f(xv, yv)))
