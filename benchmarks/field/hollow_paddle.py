import os, random
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(2); torch.manual_seed(2)
words = [w.strip() for w in open(os.environ.get("NAMES_FILE", "data/names.txt")) if 3 <= len(w.strip()) <= 10]
random.shuffle(words)
VOW = set("aeiouy")

def tag(w):
    # 0 plain consonant, 1 vowel, 2 doubled letter, 3 consonant between vowels, 4 word-final vowel
    r = []
    for i, c in enumerate(w):
        prv, nxt = w[i - 1] if i else "", w[i + 1] if i + 1 < len(w) else ""
        if c in (prv, nxt): r.append(2)
        elif c in VOW: r.append(4 if not nxt else 1)
        else: r.append(3 if prv in VOW and prv and nxt and nxt in VOW else 0)
    return r

def collate(ws):
    L = max(map(len, ws))
    x = torch.zeros(len(ws), L, dtype=torch.long)
    y = torch.full((len(ws), L), -100)
    for k, w in enumerate(ws):
        x[k, :len(w)] = torch.tensor([ord(c) - 96 if "a" <= c <= "z" else 27 for c in w])
        y[k, :len(w)] = torch.tensor(tag(w))
    return x, y

class BiTagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(28, 20, padding_idx=0)
        self.rnn = nn.LSTM(20, 24, bidirectional=True, batch_first=True)
        self.out = nn.Linear(48, 5)
    def forward(self, x):
        h, _ = self.rnn(self.emb(x))
        return F.softmax(self.out(h), dim=-1)

model = BiTagger()
opt = torch.optim.Adamax(model.parameters(), lr=2e-3)
test = collate(words[:1500])
pool = words[1500:]
for step in range(1, 801):
    x, y = collate(random.sample(pool, 32))
    loss = F.cross_entropy(model(x).reshape(-1, 5), y.reshape(-1), ignore_index=-100)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            pred = model(test[0]).argmax(-1)
            ok = test[1] >= 0
            print(f"{step} loss {loss.item():.3f} token acc {(pred == test[1])[ok].float().mean().item():.4f}")
