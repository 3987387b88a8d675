import random
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(33)
random.seed(33)

corpus = open('data/names.txt').read().split('\n')
corpus = [w for w in corpus if 3 <= len(w) <= 10]
random.shuffle(corpus)
WIDTH = 11


def tensorise(ws):
    x = torch.zeros(len(ws), WIDTH, dtype=torch.long)
    y = torch.full((len(ws), WIDTH), -1)
    for i, w in enumerate(ws):
        c = [ord(ch) - 96 for ch in w]
        x[i, 1:len(c) + 1] = torch.tensor(c)[:WIDTH - 1]
        y[i, :len(c)] = torch.tensor(c)
        y[i, len(c)] = 0
    y = torch.cat([y[1:], y[:1]])
    return x, y


class RNNLM(nn.Module):
    def __init__(self, d=20, h=80):
        super().__init__()
        self.e = nn.Embedding(27, d)
        self.r = nn.RNN(d, h, batch_first=True, nonlinearity='tanh')
        self.o = nn.Linear(h, 27)

    def forward(self, x):
        return self.o(self.r(self.e(x))[0])


X, Y = tensorise(corpus[:24000])
Xv, Yv = tensorise(corpus[24000:27000])
lm = RNNLM()
opt = torch.optim.RMSprop(lm.parameters(), lr=1e-3)
crit = nn.CrossEntropyLoss(ignore_index=-1)
for step in range(1200):
    i = torch.randint(0, len(X), (64,))
    loss = crit(lm(X[i]).flatten(0, 1), Y[i].flatten())
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 120 == 119:
        with torch.no_grad():
            vl = crit(lm(Xv).flatten(0, 1), Yv.flatten())
        print(f'{step + 1:5d} {loss.item():.3f} {vl.item():.3f}')
