import torch
import torch.nn as nn

torch.manual_seed(71)


class Cell(nn.Module):
    def __init__(self, n_in, n_h):
        super().__init__()
        self.x2g = nn.Linear(n_in, 4 * n_h)
        self.h2g = nn.Linear(n_h, 4 * n_h, bias=False)
        for m in (self.x2g, self.h2g):
            nn.init.normal_(m.weight, std=4.0)
        nn.init.zeros_(self.x2g.bias)

    def forward(self, x, h, c):
        i, f, o, g = (self.x2g(x) + self.h2g(h)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(8, 12)
        self.cell = Cell(12, 32)
        self.head = nn.Linear(32, 3)

    def forward(self, s):
        h = c = torch.zeros(len(s), 32)
        for t in range(s.shape[1]):
            h, c = self.cell(self.emb(s[:, t]), h, c)
        return self.head(h)


def make(n, L=15):
    s = torch.randint(3, 8, (n, L))
    for k in range(3):
        where = torch.randint(0, L, (n,))
        s[torch.arange(n), where] = torch.randint(0, 3, (n,))
    idx = torch.where(s < 3, torch.arange(L).expand_as(s), -1).max(1).values
    return s, s[torch.arange(n), idx]


net = Tagger()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for step in range(400):
    x, y = make(48)
    loss = nn.functional.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 40 == 0:
        print(step, f'{loss.item():.4f}')
x, y = make(1000)
with torch.no_grad():
    o = net(x)
    print('eval', f'{nn.functional.cross_entropy(o, y).item():.4f}', 'acc', f'{(o.argmax(1) == y).float().mean().item():.4f}')
