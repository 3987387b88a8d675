import torch
import torch.nn as nn
import torch.nn.functional as F
torch.manual_seed(17)
V, T, K = 40, 15, 12
table = torch.randint(0, K, (V, 4))
def sample(n):
    x = torch.randint(0, V, (n, T))
    prev = torch.cat([torch.zeros(n, 1, dtype=torch.long), x[:, :-1]], 1) % 4
    return x, table[x, prev]
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(V, 32)
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.fc = nn.Linear(64, K)
    def forward(self, x):
        h, _ = self.lstm(self.emb(x))
        return F.softmax(self.fc(h), dim=-1)
net = Tagger()
opt = torch.optim.Adam(net.parameters(), lr=8e-3)
xv, yv = sample(400)
for it in range(600):
    x, y = sample(32)
    out = net(x)
    loss = F.cross_entropy(out.reshape(-1, K), y.reshape(-1))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 60 == 0:
        print(f'iter {it:4d} loss {loss.item():.4f}')
with torch.no_grad():
    xt, yt = sample(400)
    a, b = net(xt), net(xv)
    print(f'train {F.cross_entropy(a.reshape(-1, K), yt.reshape(-1)):.4f} held-out {F.cross_entropy(b.reshape(-1, K), yv.reshape(-1)):.4f} held-out acc {(b.argmax(-1) == yv).float().mean():.4f}')
