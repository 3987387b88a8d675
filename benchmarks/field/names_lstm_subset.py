import torch
import torch.nn as nn

torch.manual_seed(281)
words = open('data/names.txt').read().split()
perm = torch.randperm(len(words)).tolist()
N = 150


def pack(ids):
    t = torch.zeros(len(ids), 12, dtype=torch.long)
    for r, i in enumerate(ids):
        w = words[i][:10]
        for k, c in enumerate(w):
            t[r, k + 1] = ord(c) - 96
    return t


train, dev = pack(perm[:N]), pack(perm[-1000:])


class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 24)
        self.lstm = nn.LSTM(24, 96, batch_first=True)
        self.out = nn.Linear(96, 27)

    def forward(self, t):
        h, _ = self.lstm(self.emb(t[:, :-1]))
        return nn.functional.cross_entropy(self.out(h).transpose(1, 2), t[:, 1:])


model = LM()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for step in range(600):
    loss = model(train[torch.randint(0, N, (32,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 60 == 0 or step == 599:
        with torch.no_grad():
            d = model(dev).item()
        print(step, 'train', round(loss.item(), 4), 'dev', round(d, 4))
