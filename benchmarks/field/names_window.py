import random
import torch
from torch import nn
import torch.nn.functional as F

random.seed(46)
torch.manual_seed(46)
words = open('data/names.txt').read().split()
random.shuffle(words)
train_words, dev_words = words[:300], words[25000:26000]
itos = '.' + 'abcdefghijklmnopqrstuvwxyz'
stoi = {c: i for i, c in enumerate(itos)}
CTX = 5


def build(ws):
    xs, ys = [], []
    for w in ws:
        s = '.' * CTX + w + '.'
        for k in range(len(w) + 1):
            xs.append([stoi[c] for c in s[k:k + CTX]])
            ys.append(stoi[s[k + CTX]])
    return torch.tensor(xs), torch.tensor(ys)


Xt, Yt = build(train_words)
Xd, Yd = build(dev_words)
net = nn.Sequential(nn.Embedding(27, 16), nn.Flatten(), nn.Linear(16 * CTX, 200), nn.GELU(), nn.Linear(200, 100), nn.GELU(), nn.Linear(100, 27))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
for step in range(2001):
    b = torch.randint(0, len(Xt), (64,))
    loss = F.cross_entropy(net(Xt[b]), Yt[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        with torch.no_grad():
            print(f'step {step} train {loss.item():.4f} dev {F.cross_entropy(net(Xd), Yd).item():.4f}')
