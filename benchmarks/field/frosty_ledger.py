import os, random
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

random.seed(9)
torch.manual_seed(9)
names = [n.strip() for n in open(os.environ.get("NAMES_FILE", "data/names.txt"))]
random.shuffle(names)
names = names[:8000]
enc = lambda w: torch.tensor([27] + [ord(c) - 96 for c in w] + [0])
seqs = [enc(w) for w in names]


class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(28, 24)
        self.rnn = nn.GRU(24, 64, batch_first=True)
        self.head = nn.Linear(64, 27)

    def forward(self, s):
        y, _ = self.rnn(self.emb(s))
        return self.head(y)


def batch_loss(model, items):
    p = pad_sequence(items, batch_first=True, padding_value=-1)
    x, t = p[:, :-1].clamp(min=0), p[:, 1:]
    return nn.functional.cross_entropy(model(x).flatten(0, 1), t.flatten(), ignore_index=-1)


model = LM()
opt = torch.optim.RMSprop(model.parameters(), lr=0.05)
train, held = seqs[:7000], seqs[7000:]
for step in range(900):
    loss = batch_loss(model, random.sample(train, 50))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print("step %4d loss %.4f" % (step, loss.item()))
with torch.no_grad():
    print("held-out nats per char %.4f" % batch_loss(model, held).item())
