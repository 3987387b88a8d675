import torch
import torch.nn as nn

torch.manual_seed(90)
torch.set_num_threads(1)

V, PAD = 28, 27
items = [w for w in open('data/names.txt').read().split('\n') if w and len(w) < 10]
sel = torch.randperm(len(items)).tolist()
mat = torch.full((len(items), 11), PAD)
for row, j in enumerate(sel):
    mat[row, 0] = 0
    for k, c in enumerate(items[j]):
        mat[row, k + 1] = ord(c) - 96
    mat[row, len(items[j]) + 1] = 0
tr, va = mat[:-2000], mat[-2000:]


class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(V, 24, padding_idx=PAD)
        self.g = nn.GRU(24, 64, batch_first=True)
        self.norm = nn.LayerNorm(64)
        self.o = nn.Linear(64, 27)
        self.normalise = nn.Softmax(dim=-1)

    def forward(self, x):
        return self.normalise(self.o(self.norm(self.g(self.e(x))[0])))


lm = LM()
opt = torch.optim.Adam(lm.parameters(), lr=3e-3)
ce = nn.CrossEntropyLoss(ignore_index=PAD)


def f(b):
    return ce(lm(b[:, :-1]).transpose(1, 2), b[:, 1:])


for step in range(1, 901):
    loss = f(tr[torch.randint(0, len(tr), (48,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 90 == 0:
        with torch.no_grad():
            print(step, round(loss.item(), 4), round(f(va).item(), 4))
with torch.no_grad():
    o = lm(va[:, :-1])
    keep = va[:, 1:] != PAD
    print('next-letter hit rate', round((o.argmax(-1) == va[:, 1:])[keep].float().mean().item(), 4))
