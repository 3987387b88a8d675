import random
import torch
import torch.nn as nn

random.seed(4); torch.manual_seed(4)
GOOD, BAD, NEUTRAL = list(range(1, 9)), list(range(9, 17)), list(range(17, 40))


def review():
    label = random.randint(0, 1)
    n = random.randint(4, 12)
    toks = []
    for _ in range(n):
        u = random.random()
        own, other = (GOOD, BAD) if label else (BAD, GOOD)
        toks.append(random.choice(own if u < 0.35 else other if u < 0.45 else NEUTRAL))
    return toks, label


def batch(n, width=14):
    rows, labs = zip(*[review() for _ in range(n)])
    # left-pad so that the words stand next to the read-out
    x = torch.zeros(n, width, dtype=torch.long)
    for k, r in enumerate(rows):
        x[k, width - len(r):] = torch.tensor(r)
    return x, torch.tensor(labs).float()


class Sentiment(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(40, 24, padding_idx=0)
        self.gru = nn.GRU(24, 32, batch_first=True)
        self.score = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        out, h = self.gru(self.emb(x))
        return self.score(out[:, 0]).squeeze(1)


model = Sentiment()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
bce = nn.BCEWithLogitsLoss()
xv, yv = batch(1000)
for step in range(1, 901):
    x, y = batch(48)
    opt.zero_grad()
    loss = bce(model(x), y)
    loss.backward()
    opt.step()
    if step % 150 == 0:
        with torch.no_grad():
            o = model(xv)
            print(f"step {step} loss {loss.item():.4f} valid {bce(o, yv).item():.4f} acc {((o > 0).float() == yv).float().mean().item():.4f}")
