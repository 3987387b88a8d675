import torch
import torch.nn as nn

torch.manual_seed(27)
names = open('data/names.txt').read().split()
NTRAIN, EPOCHS = 500, 40
g = torch.Generator().manual_seed(0)
order = torch.randperm(len(names), generator=g).tolist()
pick = [names[i] for i in order]
L = 12

def tensorise(ws):
    t = torch.full((len(ws), L + 1), -1)
    for i, w in enumerate(ws):
        s = [0] + [ord(c) - 96 for c in w[:L - 1]] + [0]
        t[i, :len(s)] = torch.tensor(s)
    return t

val = tensorise(pick[-1500:])
train = tensorise(pick[:NTRAIN])

class Model(nn.Module):
    def __init__(self, e=32, h=128):
        super().__init__()
        self.e = nn.Embedding(27, e)
        self.r = nn.LSTM(e, h, batch_first=True)
        self.o = nn.Linear(h, 27)
    def forward(self, x):
        return self.o(self.r(self.e(x.clamp(min=0)))[0])

def loss_on(m, b):
    return nn.functional.cross_entropy(m(b[:, :-1]).transpose(1, 2), b[:, 1:], ignore_index=-1)

m = Model()
opt = torch.optim.Adam(m.parameters(), lr=3e-3)
step = 0
for epoch in range(EPOCHS):
    tot = n = 0
    for b in train[torch.randperm(NTRAIN)].split(32):
        loss = loss_on(m, b)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(m.parameters(), 1.0)
        opt.step()
        tot += loss.item(); n += 1; step += 1
    if epoch % max(1, EPOCHS // 10) == 0 or epoch == EPOCHS - 1:
        with torch.no_grad():
            print(f'epoch {epoch} step {step} train {tot / n:.3f} val {loss_on(m, val).item():.3f}')
