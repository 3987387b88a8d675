import os
import torch
import torch.nn as nn

torch.manual_seed(25)
NAMES = [l.strip().lower() for l in open(os.environ.get("NAMES_FILE", "data/names.txt")) if l.strip()]
idx = {c: i for i, c in enumerate("." + "".join(sorted(set("".join(NAMES)))))}
V = len(idx)
seqs = torch.zeros(len(NAMES), 13, dtype=torch.long)
for r, n in enumerate(NAMES):
    for j, c in enumerate(n[:12]):
        seqs[r, j + 1] = idx[c]
seqs = seqs[torch.randperm(len(seqs))]
train, valid = seqs[:8192], seqs[8192:9200]


class CharGRU(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(V, 24)
        self.g = nn.GRU(24, 64, batch_first=True)
        self.o = nn.Linear(64, V)

    def loss(self, s):
        inp, tgt = s[:, :-1], s[:, 1:]
        live = (torch.cumsum((tgt == 0).long(), 1) <= 1).float()
        logits = self.o(self.g(self.e(inp))[0])
        l = nn.functional.cross_entropy(logits.transpose(1, 2), tgt, reduction="none")
        return (l * live).sum() / live.sum()


m = CharGRU()
opt = torch.optim.Adam(m.parameters(), lr=2e-3)
BATCH = 2048
for epoch in range(4):
    for b in torch.randperm(8192).split(BATCH):
        loss = m.loss(train[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        print("epoch", epoch, "train", round(loss.item(), 4), "valid", round(m.loss(valid).item(), 4))
