import random
import torch
from torch import nn

random.seed(73)
torch.manual_seed(73)


def string(ok):
    while True:
        s, d = [], 0
        for _ in range(14):
            c = random.random() < 0.5
            if ok and not c and d == 0:
                c = True
            s.append(int(c))
            d += 1 if c else -1
        bal = d == 0 and all(sum(1 if q else -1 for q in s[:i]) >= 0 for i in range(15))
        if bal == ok:
            return s


pool = [(string(i % 2 == 0), i % 2 == 0) for i in range(1200)]
x = torch.tensor([p[0] for p in pool])
y = torch.tensor([float(p[1]) for p in pool])


class LNGRU(nn.Module):
    def __init__(self, h=32):
        super().__init__()
        self.e = nn.Embedding(2, 8)
        self.cell = nn.GRUCell(8, h)
        self.ln = nn.LayerNorm(h)
        self.out = nn.Linear(h, 1)

    def forward(self, s):
        h = torch.zeros(len(s), self.cell.hidden_size)
        for t in range(s.size(1)):
            h = self.cell(self.e(s[:, t]), h)
        return self.out(self.ln(h)).squeeze(1)


net = LNGRU()
opt = torch.optim.Adam(net.parameters(), lr=1.5e-3)
avg = 0.7
for step in range(1800):
    i = torch.randint(0, 1000, (4,))
    loss = nn.functional.binary_cross_entropy_with_logits(net(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    avg = 0.98 * avg + 0.02 * loss.item()
    if step % 200 == 0:
        print(step, round(avg, 4))
with torch.no_grad():
    print("accuracy", ((net(x[1000:]) > 0) == (y[1000:] > 0.5)).float().mean().item())
