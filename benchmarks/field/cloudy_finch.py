import random
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(61)
random.seed(61)


class Tied(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.emb = nn.Embedding(27, d)
        nn.init.normal_(self.emb.weight, std=0.1)
        self.lstm = nn.LSTM(d, d, batch_first=True)
        self.out = nn.Linear(d, 27)
        self.out.weight = self.emb.weight

    def forward(self, x):
        return self.out(self.lstm(self.emb(x))[0])


ws = open('data/names.txt').read().split()
random.shuffle(ws)
held, ws = ws[:1500], ws[1500:]


def tensors(batch):
    n = max(map(len, batch)) + 1
    x = torch.zeros(len(batch), n, dtype=torch.long)
    y = torch.full((len(batch), n), -1)
    for r, w in enumerate(batch):
        t = torch.tensor([ord(c) - 96 for c in w])
        x[r, 1:len(w) + 1], y[r, :len(w)], y[r, len(w)] = t, t, 0
    return x, y


def lossf(m, batch):
    x, y = tensors(batch)
    return F.cross_entropy(m(x).flatten(0, 1), y.flatten(), ignore_index=-1)


m = Tied()
opt = torch.optim.AdamW(m.parameters(), lr=5e-3, weight_decay=0.01)
ACC = 4
for update in range(1, 1001):
    opt.zero_grad()
    show = 0
    for _ in range(ACC):
        loss = lossf(m, random.sample(ws, 12)) / ACC
        loss.backward()
        show += loss.item()
    nn.utils.clip_grad_norm_(m.parameters(), 1.0)
    opt.step()
    if update % 100 == 0:
        with torch.no_grad():
            print(update, f'{show:.3f}', f'{lossf(m, held).item():.3f}')
