import random
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(15)
random.seed(15)

lines = open('data/names.txt').read().split()
random.shuffle(lines)
VOWELS = set('aeiou')


def featurise(w):
    x = torch.zeros(12, dtype=torch.long)
    for i, c in enumerate(w[:12]):
        x[i] = ord(c) - 96
    return x


X = torch.stack([featurise(w) for w in lines[:9000]])
Y = torch.tensor([sum(a in VOWELS and b not in VOWELS for a, b in zip(w[:12], w[1:12])) for w in lines[:9000]])


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 12)
        self.conv = nn.Conv1d(12, 32, 2)
        self.out = nn.Linear(32, 6)

    def forward(self, x):
        h = F.relu(self.conv(self.emb(x).transpose(1, 2)))
        return self.out(h.sum(2))


net = Counter()
opt = torch.optim.AdamW(net.parameters(), lr=4e-3)
decay = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.6)
seen = []
for it in range(1, 1501):
    i = torch.randint(0, 8000, (64,))
    loss = F.cross_entropy(net(X[i]), Y[i].clamp(max=5))
    opt.zero_grad()
    loss.backward()
    opt.step()
    decay.step()
    seen.append(loss.item())
    if it % 150 == 0:
        with torch.no_grad():
            o = net(X[8000:])
        print(it, f'{sum(seen[-150:]) / 150:.4f}', f'{F.cross_entropy(o, Y[8000:].clamp(max=5)).item():.4f}',
              f'{(o.argmax(1) == Y[8000:]).float().mean().item():.3f}')
