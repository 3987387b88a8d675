import os, random
import torch, torch.nn as nn, torch.nn.functional as F

random.seed(0); torch.manual_seed(0)
names = open(os.environ['NAMES_FILE']).read().split(); random.shuffle(names)
def windows(ns, k=5):
    X, Y = [], []
    for n in ns:
        s = [0] * k + [ord(c) - 96 for c in n] + [0]
        for i in range(k, len(s)):
            X.append(s[i - k:i]); Y.append(s[i])
    return torch.tensor(X), torch.tensor(Y)
xt, yt = windows(names[:700]); xv, yv = windows(names[700:2200])

class LM(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.emb = nn.Embedding(27, 24)
        self.body = nn.Sequential(nn.Dropout(0.2), nn.Linear(120, 200), nn.ReLU(), nn.Dropout(p), nn.Linear(200, 200), nn.ReLU(), nn.Dropout(p))
        self.out = nn.Linear(200, 27)
    def forward(self, x): return self.out(self.body(self.emb(x).flatten(1)))

class Trainer:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    def step(self):
        b = torch.randint(0, len(xt), (64,))
        loss = F.cross_entropy(self.model(xt[b]), yt[b])
        self.opt.zero_grad(); loss.backward(); self.opt.step()
        return loss.item()
    @torch.no_grad()
    def validate(self):
        self.model.eval()
        v = F.cross_entropy(self.model(xv), yv).item()
        return v
    def fit(self, n):
        r = []
        for i in range(n):
            r.append(self.step())
            if i % 150 == 0:
                v = self.validate()
                print(i, 'train', sum(r[-150:]) / len(r[-150:]), 'valid', v)
        print('train', sum(r[-150:]) / 150, 'valid', self.validate())
Trainer(LM()).fit(1200)
