import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(9)
names = open('data/names.txt').read().split()
bigram = lambda a, b: (ord(a) - 97) * 26 + ord(b) - 97
pairs = []
for w in names:
    bg = [bigram(a, b) for a, b in zip(w, w[1:])]
    pairs += [(bg[i], bg[i + 2]) for i in range(len(bg) - 2)]
pairs = torch.tensor(pairs)
pairs = pairs[torch.randperm(len(pairs))]
train, held = pairs[:-5000], pairs[-5000:]
freq = torch.bincount(train[:, 1], minlength=676).float().pow(0.75)


class SkipGram(nn.Module):
    def __init__(self, d=24):
        super().__init__()
        self.c = nn.Embedding(676, d, sparse=True)
        self.o = nn.Embedding(676, d, sparse=True)
        nn.init.uniform_(self.c.weight, -0.2, 0.2)
        nn.init.uniform_(self.o.weight, -0.2, 0.2)

    def forward(self, a, b, neg):
        v = self.c(a)
        pos = (v * self.o(b)).sum(1)
        ng = torch.einsum('bd,bkd->bk', v, self.o(neg))
        return -(F.logsigmoid(pos) + F.logsigmoid(-ng).sum(1)).mean()


sg = SkipGram()
opt = torch.optim.SparseAdam(list(sg.parameters()), lr=5e-3)
fixed = torch.multinomial(freq, 5000 * 5, replacement=True).view(5000, 5)
for epoch in range(8):
    s = n = 0
    for b in torch.randperm(len(train)).split(256):
        neg = torch.multinomial(freq, len(b) * 5, replacement=True).view(-1, 5)
        loss = sg(train[b, 0], train[b, 1], neg)
        opt.zero_grad()
        loss.backward()
        opt.step()
        s, n = s + loss.item(), n + 1
    with torch.no_grad():
        print('epoch', epoch, 'train', round(s / n, 4), 'held', round(sg(held[:, 0], held[:, 1], fixed).item(), 4))
