import os, random
import torch, torch.nn as nn, torch.nn.functional as F

random.seed(3); torch.manual_seed(3)
names = open(os.environ['NAMES_FILE']).read().split()
random.shuffle(names)
L = 9
def row(n):
    ids = [ord(c) - 96 for c in n[:L + 1]]
    return ids
xs, ys = [], []
for n in names[:14000]:
    ids = row(n)
    for k in range(2, len(ids)):
        ctx = ids[max(0, k - 4):k]
        xs.append([0] * (4 - len(ctx)) + ctx); ys.append(ids[k])
xs, ys = torch.tensor(xs), torch.tensor(ys)
nv = 4000
GAIN = 600.0

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 16)
        nn.init.normal_(self.emb.weight, std=1.0 / GAIN)
        self.fc1 = nn.Linear(64, 100)
        self.fc2 = nn.Linear(100, 27)
    def forward(self, x):
        e = self.emb(x).flatten(1) * GAIN
        return self.fc2(torch.tanh(self.fc1(e)))

model = Model()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
log = []
for i in range(3000):
    b = torch.randint(nv, len(xs), (64,))
    loss = F.cross_entropy(model(xs[b]), ys[b])
    opt.zero_grad(); loss.backward(); opt.step()
    log.append(loss.item())
    if i % 1000 == 999:
        with torch.no_grad():
            print(i + 1, 'train', sum(log[-300:]) / 300, 'val', F.cross_entropy(model(xs[:nv]), ys[:nv]).item())
