import torch
import torch.nn as nn

torch.manual_seed(55)
LEN, SYM, CLASSES = 24, 5, 6


def draw(n):
    s = torch.randint(0, SYM, (n, LEN))
    return s, (s == 2).sum(1).clamp(max=CLASSES + 1).sub(2).clamp(min=0)


class Cell(nn.Module):
    def __init__(self, inp, hid):
        super().__init__()
        self.x2g = nn.Linear(inp, 4 * hid)
        self.h2g = nn.Linear(hid, 4 * hid, bias=False)
        self.hid = hid
        with torch.no_grad():
            bound = 12.0
            self.x2g.weight.uniform_(-bound, bound)
            self.h2g.weight.uniform_(-0.18, 0.18)
            self.x2g.bias.zero_()

    def forward(self, x, state):
        h, c = state
        i, f, o, g = (self.x2g(x) + self.h2g(h)).chunk(4, -1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class Counter(nn.Module):
    def __init__(self, hid=32):
        super().__init__()
        self.emb = nn.Embedding(SYM, 8)
        self.cell = Cell(8, hid)
        self.out = nn.Linear(hid, CLASSES)

    def forward(self, s):
        h = c = torch.zeros(len(s), self.cell.hid)
        for t in range(s.shape[1]):
            h, c = self.cell(self.emb(s[:, t]), (h, c))
        return self.out(h)


model = Counter()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for step in range(900):
    s, y = draw(64)
    loss = nn.functional.cross_entropy(model(s), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    s, y = draw(2000)
    print("accuracy on new sequences", round((model(s).argmax(1) == y).float().mean().item(), 4))
