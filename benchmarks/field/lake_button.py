import os
import torch
from torch import nn

torch.manual_seed(37)
L = 9
lines = [l.strip().lower() for l in open(os.environ["NAMES_FILE"])]
lines = [l for l in lines if 3 <= len(l) <= L + 1]
xs = torch.zeros(len(lines), L, dtype=torch.long)
for i, l in enumerate(lines):
    s = l[:-1]
    xs[i, L - len(s):] = torch.tensor([ord(c) - 96 for c in s])
ys = torch.tensor([ord(l[-1]) - 97 for l in lines])
sel = torch.randperm(len(lines))
xs, ys = xs[sel], ys[sel]
ntr = 16000


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 16)
        self.gru = nn.GRU(16, 32, batch_first=True)

    def forward(self, x):
        out, _ = self.gru(self.emb(x))
        return out[:, -1].data


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.reader = Reader()
        self.top = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 26))

    def forward(self, x):
        return self.top(self.reader(x))


net = Tagger()
opt = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.01)
ce = nn.CrossEntropyLoss()
for epoch in range(6):
    perm = torch.randperm(ntr)
    for k in range(0, ntr, 80):
        b = perm[k:k + 80]
        loss = ce(net(xs[b]), ys[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if k % 4000 == 0:
            print(f"  {epoch}/{k:05d} loss {loss.item():.4f}")
    with torch.no_grad():
        o = net(xs[ntr:ntr + 3000])
        print(f"epoch {epoch} dev {ce(o, ys[ntr:ntr + 3000]).item():.4f} acc {(o.argmax(1) == ys[ntr:ntr + 3000]).float().mean().item():.4f}")
