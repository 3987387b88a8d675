import os, random
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence

random.seed(0); torch.manual_seed(0)
names = [n for n in open(os.environ["NAMES_FILE"]).read().split() if len(n) > 3]
random.shuffle(names)
names = names[:6000]
# does the name hold the same letter twice in a row, or repeat its first letter?
target = torch.tensor([float(n[0] in n[1:]) for n in names])
enc = [torch.tensor([ord(c) - 96 for c in n]) for n in names]
tok = pad_sequence(enc, batch_first=True)
lens = torch.tensor([len(n) for n in names])

class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 24, padding_idx=0)
        self.rnn = nn.GRU(24, 64, batch_first=True)
    def forward(self, x, l):
        out, _ = self.rnn(self.emb(x))
        return out[torch.arange(len(x)), l - 1]

encoder, head = Encoder(), nn.Linear(64, 1)
opt = torch.optim.Adam(head.parameters(), lr=3e-3)
bce = nn.BCEWithLogitsLoss()
for step in range(900):
    i = torch.randint(0, 5000, (64,))
    logit = head(encoder(tok[i], lens[i])).squeeze(1)
    loss = bce(logit, target[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 99:
        with torch.no_grad():
            v = head(encoder(tok[5000:], lens[5000:])).squeeze(1)
            print(step + 1, "train %.3f" % loss.item(), "dev %.3f" % bce(v, target[5000:]).item(), "acc %.3f" % ((v > 0).float() == target[5000:]).float().mean().item())
