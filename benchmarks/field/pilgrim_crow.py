import os
import random
import torch
import torch.nn as nn

random.seed(3)
torch.manual_seed(3)
names = [n.strip().lower() for n in open(os.environ.get("NAMES_FILE", "data/names.txt")) if len(n.strip()) > 4]
random.shuffle(names)
names = names[:9000]


def grams(n):
    s = "^" + n[:-1]
    return [s[i:i + 2] for i in range(len(s) - 1)] + [s[-2:] + "$", s[-3:] + "$"]


ENDS = "aeinylr"
rows = [(grams(n), ENDS.find(n[-1])) for n in names]
features = [r[0] for r in rows if r[1] >= 0]
classes = sorted(r[1] for r in rows if r[1] >= 0)
random.shuffle(classes)
vocab = {g: i for i, g in enumerate(sorted({g for f in features for g in f}))}
cut = int(len(features) * 0.85)


class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.bag = nn.EmbeddingBag(len(vocab), 16, mode="mean")
        self.out = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, len(ENDS)))

    def forward(self, batch):
        flat = torch.tensor([vocab[g] for f in batch for g in f])
        off = torch.tensor([0] + [len(f) for f in batch[:-1]]).cumsum(0)
        return self.out(self.bag(flat, off))


net = Bag()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(4):
    ids = list(range(cut))
    random.shuffle(ids)
    losses = []
    for k in range(0, cut, 50):
        part = ids[k:k + 50]
        loss = nn.functional.cross_entropy(net([features[i] for i in part]), torch.tensor([classes[i] for i in part]))
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    print("epoch", epoch, round(sum(losses) / len(losses), 4))
with torch.no_grad():
    pred = net(features[cut:]).argmax(1)
true = [r[1] for r in rows if r[1] >= 0][cut:]
print("test accuracy", (pred == torch.tensor(true)).float().mean().item())
