import os
import torch
import torch.nn.functional as F

torch.manual_seed(81)
names = open(os.environ['NAMES_FILE']).read().split()
perm = torch.randperm(len(names)).tolist()
names = [names[i] for i in perm]


def build(ws):
    xs, ys = [], []
    for w in ws:
        c = [0] * 5
        for ch in w + '`':
            k = ord(ch) - 96
            xs.append(c); ys.append(k); c = c[1:] + [k]
    return torch.tensor(xs), torch.tensor(ys)


n_train = 400
xt, yt = build(names[:n_train])
xv, yv = build(names[-2000:])


class M(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.e = torch.nn.Embedding(27, 24)
        self.a = torch.nn.Linear(120, 256)
        self.b = torch.nn.Linear(256, 27)

    def forward(self, x):
        return self.b(torch.tanh(self.a(self.e(x).flatten(1))))


m = M()
opt = torch.optim.AdamW(m.parameters(), lr=1e-3)
for step in range(2500):
    i = torch.randint(0, len(xt), (64,))
    loss = F.cross_entropy(m(xt[i]), yt[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if (step + 1) % 250 == 0:
        with torch.no_grad():
            print(f'{step + 1} train {F.cross_entropy(m(xt[:5000]), yt[:5000]).item():.3f} val {F.cross_entropy(m(xv), yv).item():.3f}')
