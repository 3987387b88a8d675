import torch
import torch.nn as nn

torch.manual_seed(29)
words = open('data/names.txt').read().split()
X, Y = [], []
for w in words[::3]:
    s = '.' * 4 + w + '.'
    for i in range(4, len(s)):
        X.append([0 if c == '.' else ord(c) - 96 for c in s[i - 4:i]])
        Y.append(0 if s[i] == '.' else ord(s[i]) - 96)
X, Y = torch.tensor(X), torch.tensor(Y)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
cut = len(X) * 9 // 10


class Model(nn.Module):
    def __init__(self, emb=16, hid=128):
        super().__init__()
        self.emb = nn.Embedding(27, emb)
        self.hidden = nn.Linear(4 * emb, hid)
        self.out = nn.Linear(hid, 27)

    def forward(self, x):
        h = torch.tanh(self.hidden(self.emb(x).flatten(1)))
        return self.out(h)


m = Model()
opt = torch.optim.SGD([
    {'params': m.emb.parameters(), 'lr': 0.2},
    {'params': m.hidden.parameters(), 'lr': 25.0},
    {'params': m.out.parameters(), 'lr': 0.2},
], momentum=0.0)
lossf = nn.CrossEntropyLoss()
for step in range(2500):
    b = torch.randint(0, cut, (64,))
    loss = lossf(m(X[b]), Y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print('step', step, loss.item())
with torch.no_grad():
    print('dev loss', lossf(m(X[cut:]), Y[cut:]).item())
