import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(99)

text = open('data/names.txt').read().split()
enc = [[0, 0, 0] + [ord(c) - 96 for c in w] + [0] for w in text]
rows = torch.tensor([s[i:i + 4] for s in enc for i in range(len(s) - 3)])
rows = rows[torch.randperm(len(rows))]
fit, dev = rows[:200000], rows[200000:]


class Model(nn.Module):
    def __init__(self, d=10, h=100):
        super().__init__()
        self.table = nn.Parameter(torch.randn(27, d))
        self.l1 = nn.Linear(3 * d, h)
        self.l2 = nn.Linear(h, 27)

    def forward(self, ctx):
        e = self.table[ctx]
        return self.l2(torch.tanh(self.l1(e.flatten(1))))


m = Model()
sgd = torch.optim.SGD([{'params': [m.table], 'lr': 600.0}, {'params': [*m.l1.parameters(), *m.l2.parameters()]}], lr=0.15)
ema = 3.3
for k in range(5001):
    b = fit[torch.randint(0, len(fit), (64,))]
    loss = F.cross_entropy(m(b[:, :3]), b[:, 3])
    sgd.zero_grad()
    loss.backward()
    sgd.step()
    ema += 0.01 * (loss.item() - ema)
    if k % 500 == 0:
        with torch.no_grad():
            print(k, f'{ema:.4f}', f'{F.cross_entropy(m(dev[:, :3]), dev[:, 3]).item():.4f}')
