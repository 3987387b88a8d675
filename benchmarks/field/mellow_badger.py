"""Which letter comes after these four?"""
import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(6)
rows = [r.strip().lower() for r in open(os.environ["NAMES_FILE"])]
ctx, nxt = [], []
for r in rows:
    s = [0, 0, 0, 0] + [ord(c) - 96 for c in r] + [0]
    for t in range(4, len(s)):
        ctx.append(s[t - 4:t])
        nxt.append(s[t])
ctx, nxt = torch.tensor(ctx), torch.tensor(nxt)
o = torch.randperm(len(ctx))
ctx, nxt = ctx[o], nxt[o]


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 20)
        self.fc1 = nn.Linear(80, 100)
        self.fc2 = nn.Linear(100, 27)

    def forward(self, c):
        h = torch.tanh(self.fc1(self.emb(c).flatten(1)))
        return F.softmax(self.fc2(h), dim=-1)


m = Model()
opt = torch.optim.SGD(m.parameters(), lr=0.1, momentum=0.5)
n = len(ctx) - 8000
for step in range(2500):
    b = torch.randint(0, n, (64,))
    loss = F.cross_entropy(m(ctx[b]), nxt[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print("step", step, "loss %.4f" % loss.item())
with torch.no_grad():
    out = m(ctx[n:])
    print("held-out loss %.4f, hit rate %.4f" % (F.cross_entropy(out, nxt[n:]).item(), (out.argmax(1) == nxt[n:]).float().mean().item()))
