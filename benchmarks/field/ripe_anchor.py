import os
import random
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(125)
torch.manual_seed(125)
names = [w for w in open(os.environ["NAMES_FILE"]).read().split() if 5 <= len(w) <= 9]
random.shuffle(names)
names = names[:9000]


def scramble(w):
    c = list(w)
    random.shuffle(c)
    return "".join(c)


items = [(w, 1) for w in names[:4500]] + [(scramble(w), 0) for w in names[4500:]]
random.shuffle(items)
X = torch.zeros(len(items), 9, dtype=torch.long)
for r, (w, _) in enumerate(items):
    X[r, 9 - len(w):] = torch.tensor([ord(c) - 96 for c in w])
y = torch.tensor([t for _, t in items])


class Judge(nn.Module):
    def __init__(self, e=16, h=48):
        super().__init__()
        self.emb = nn.Embedding(27, e)
        self.gru = nn.GRU(e, h, batch_first=True)
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(h, 2)

    def forward(self, x):
        z, _ = self.gru(self.emb(x))
        return self.out(self.drop(z[:, -1]))


net = Judge()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 800)
lossf = nn.CrossEntropyLoss(label_smoothing=0.1)
for step in range(800):
    net.train()
    i = torch.randint(0, 8000, (64,))
    loss = lossf(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 80 == 0:
        print(step, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    print("final train", round(lossf(net(X[:8000]), y[:8000]).item(), 4), "test", round(lossf(net(X[8000:]), y[8000:]).item(), 4),
          "acc", round((net(X[8000:]).argmax(1) == y[8000:]).float().mean().item(), 4))
