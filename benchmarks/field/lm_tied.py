import torch
import torch.nn as nn
import torch.nn.functional as F

class TiedGRU(nn.Module):
    def __init__(self, vocab=27, d=64):
        super().__init__()
        self.table = nn.Parameter(torch.randn(vocab, d) * 0.08)
        self.gru = nn.GRU(d, d, batch_first=True)
        self.bias = nn.Parameter(torch.zeros(vocab))
    def forward(self, x):
        h, _ = self.gru(F.embedding(x, self.table))
        return F.linear(h, self.table, self.bias)

torch.manual_seed(11)
names = open('data/names.txt').read().split()
L = 11
seqs = torch.tensor([([0] + [ord(c) - 96 for c in w] + [0] * L)[:L + 1] for w in names])
keep = torch.tensor([([1] * (len(w) + 1) + [0] * L)[:L] for w in names]).float()
perm = torch.randperm(len(seqs))
tr, va = perm[:30000], perm[30000:31000]

def loss_fn(model, i):
    x = seqs[i]
    ce = F.cross_entropy(model(x[:, :-1]).transpose(1, 2), x[:, 1:], reduction='none')
    return (ce * keep[i]).sum() / keep[i].sum()

model = TiedGRU()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500)
for step in range(1500):
    loss = loss_fn(model, tr[torch.randint(0, len(tr), (64,))])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 150 == 0 or step == 1499:
        with torch.no_grad():
            print(step, round(loss.item(), 3), 'val', round(loss_fn(model, va).item(), 3))
