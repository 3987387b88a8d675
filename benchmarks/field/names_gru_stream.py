import torch
import torch.nn as nn

torch.manual_seed(191)
names = open('data/names.txt').read().split()
order = torch.randperm(len(names)).tolist()
names = [names[i] for i in order if len(names[i]) < 12]


def encode(ws):
    t = torch.zeros(len(ws), 13, dtype=torch.long)
    for i, w in enumerate(ws):
        t[i, 1:len(w) + 1] = torch.tensor([ord(c) - 96 for c in w])
    return t


held = encode(names[-800:])


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(27, 16)
        self.r = nn.GRU(16, 48, batch_first=True)
        self.o = nn.Linear(48, 27)

    def loss(self, t):
        h, _ = self.r(self.e(t[:, :-1]))
        return nn.functional.cross_entropy(self.o(h).flatten(0, 1), t[:, 1:].flatten())


m = Model()
opt = torch.optim.Adam(m.parameters(), lr=0.01)
n = 1
for step in range(700):
    loss = m.loss(encode(names[step * n:(step + 1) * n]))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 70 == 0:
        print(step, round(loss.item(), 3))
with torch.no_grad():
    print('held-out', round(m.loss(held).item(), 4))
