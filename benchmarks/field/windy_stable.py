import os
import random
import torch
import torch.nn as nn

random.seed(50)
torch.manual_seed(50)
with open(os.environ.get("NAMES_FILE", "data/names.txt")) as fh:
    pool = [w for w in fh.read().split() if len(w) <= 10]
random.shuffle(pool)
count = 250
fit, held = pool[-count:], pool[:1000]


def table(ws):
    out = torch.zeros(len(ws), 12, dtype=torch.long)
    for r, w in enumerate(ws):
        out[r, 1:len(w) + 1] = torch.tensor([ord(c) - 96 for c in w])
    return out


fit, held = table(fit), table(held)


class CharLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(27, 16)
        self.r = nn.LSTM(16, 80, batch_first=True)
        self.o = nn.Linear(80, 27)

    def forward(self, t):
        return self.o(self.r(self.e(t))[0])


def nats(m, t):
    x, y = t[:, :-1], t[:, 1:]
    mask = torch.cat([torch.ones(len(t), 1, dtype=torch.bool), x[:, 1:] > 0], 1)
    return nn.functional.cross_entropy(m(x)[mask], y[mask])


m = CharLSTM()
opt = torch.optim.Adam(m.parameters(), lr=4e-3)
for step in range(700):
    m.train()
    loss = nats(m, fit[torch.randint(0, len(fit), (50,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if (step + 1) % 50 == 0:
        m.eval()
        with torch.no_grad():
            print("step %d train %.4f held-out %.4f" % (step + 1, loss.item(), nats(m, held).item()))
