import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(56)
names = open('data/names.txt').read().split()
alphabet = '.abcdefghijklmnopqrstuvwxyz'
ix = {c: i for i, c in enumerate(alphabet)}
M = 12
rows = torch.zeros(len(names), M + 2, dtype=torch.long)
for r, w in enumerate(names):
    for j, ch in enumerate(w[:M]):
        rows[r, j + 1] = ix[ch]
lens = torch.tensor([min(len(w), M) + 1 for w in names])
rows, lens = (lambda p: (rows[p], lens[p]))(torch.randperm(len(names)))
train, val = slice(0, 28000), slice(28000, 29000)


class LM(nn.Module):
    def __init__(self, d=48, h=96):
        super().__init__()
        self.emb = nn.Embedding(27, d)
        self.lstm = nn.LSTM(d, h, batch_first=True)
        self.out = nn.Linear(h, 27)

    def forward(self, s):
        return self.out(self.lstm(self.emb(s))[0])


def nll(model, r, l):
    logits = model(r[:, :-1]).float()
    tok = F.cross_entropy(logits.flatten(0, 1), r[:, 1:].flatten(), reduction='none').view(len(r), -1)
    mask = (torch.arange(M + 1)[None] < l[:, None]).float()
    return (tok * mask).sum() / mask.sum()


lm = LM()
opt = torch.optim.AdamW(lm.parameters(), lr=8e-3)
TOTAL = 500
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: (s + 1) / 40 if s < 40 else 0.5 * (1 + math.cos(math.pi * (s - 40) / (TOTAL - 40))))
for step in range(TOTAL):
    b = torch.randint(0, 28000, (64,))
    with torch.autocast('cpu', dtype=torch.bfloat16):
        loss = nll(lm, rows[b], lens[b])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(lm.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 50 == 49:
        with torch.no_grad():
            print(f'step {step + 1} nll/char {loss.item():.4f} val {nll(lm, rows[val], lens[val]).item():.4f}')
