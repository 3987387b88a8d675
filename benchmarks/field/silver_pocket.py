import random
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence

torch.manual_seed(5)
random.seed(5)
torch.set_num_threads(1)


class CharGRU(nn.Module):
    def __init__(self, vocab=27, emb=16, hid=64):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb)
        self.gru = nn.GRU(emb, hid, batch_first=True)
        self.head = nn.Linear(hid, vocab)

    def forward(self, x):
        h, _ = self.gru(self.emb(x))
        return self.head(h)


def encode(w):
    return torch.tensor([0] + [ord(c) - 96 for c in w] + [0])


def collate(ws):
    seqs = [encode(w) for w in ws]
    x = pad_sequence([s[:-1] for s in seqs], batch_first=True)
    y = pad_sequence([s[1:] for s in seqs], batch_first=True, padding_value=-100)
    return x, y


def nll(model, x, y):
    return nn.functional.cross_entropy(model(x).transpose(1, 2), y, ignore_index=-100)


names = open('data/names.txt').read().split()
random.shuffle(names)
train, held = names[:30000], names[30000:]
hx, hy = collate(held)
model = CharGRU()
opt = torch.optim.Adam(model.parameters(), lr=8e-3)
B = 1
acc = None
for step in range(1, 1501):
    x, y = collate(random.sample(train, B))
    loss = nll(model, x, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    acc = loss.item() if acc is None else 0.98 * acc + 0.02 * loss.item()
    if step % 150 == 0:
        with torch.no_grad():
            print(step, 'smoothed', round(acc, 3), 'held-out', round(nll(model, hx, hy).item(), 3))
