import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(2147)
with open(os.environ.get("NAMES_FILE", "names.txt")) as fh:
    names = [l.strip() for l in fh if l.strip()]
names = [names[i] for i in torch.randperm(len(names))[:6000]]
CTX = 3


def build(ws):
    xs, ys = [], []
    for w in ws:
        ctx = [0] * CTX
        for c in [ord(ch) - 96 for ch in w] + [0]:
            xs.append(ctx)
            ys.append(c)
            ctx = ctx[1:] + [c]
    return torch.tensor(xs), torch.tensor(ys)


Xtr, Ytr = build(names[:5200])
Xva, Yva = build(names[5200:])


class Mlp(nn.Module):
    def __init__(self, n_emb=10, n_hid=128):
        super().__init__()
        self.emb = nn.Embedding(27, n_emb)
        self.fc = nn.Linear(CTX * n_emb, n_hid)
        self.out = nn.Linear(n_hid, 27)
        nn.init.normal_(self.out.weight, std=1.6)
        nn.init.normal_(self.out.bias, std=1.0)

    def forward(self, x):
        return self.out(torch.tanh(self.fc(self.emb(x).flatten(1))))


m = Mlp()
opt = torch.optim.SGD(m.parameters(), lr=0.1)
hist = []
for step in range(1500):
    ix = torch.randint(len(Xtr), (64,))
    loss = F.cross_entropy(m(Xtr[ix]), Ytr[ix])
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    hist.append(loss.item())
    if (step + 1) % 150 == 0:
        print(step + 1, sum(hist[-150:]) / 150)
with torch.no_grad():
    print("validation loss:", F.cross_entropy(m(Xva), Yva).item())
