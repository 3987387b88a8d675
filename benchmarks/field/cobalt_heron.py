import torch
import torch.nn as nn
from torch.utils.data import TensorDataset

torch.manual_seed(38)
ROWS, FIELDS, CARD, K = 22000, 5, 20, 4
cats = torch.randint(0, CARD, (ROWS, FIELDS))
offs = torch.arange(FIELDS) * CARD
tv = torch.randn(FIELDS * CARD, K) * 0.55
tw = torch.randn(FIELDS * CARD) * 0.4
e = tv[cats + offs]
score = tw[cats + offs].sum(1) + 0.5 * (e.sum(1).square() - e.square().sum(1)).sum(1)
click = torch.bernoulli(torch.sigmoid(score))


class FM(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Embedding(FIELDS * CARD, 1)
        self.v = nn.Embedding(FIELDS * CARD, K)
        self.b = nn.Parameter(torch.zeros(()))
        nn.init.normal_(self.w.weight, std=0.05)
        nn.init.normal_(self.v.weight, std=0.15)

    def forward(self, c):
        c = c + offs
        v = self.v(c)
        pair = 0.5 * (v.sum(1).square() - v.square().sum(1)).sum(1)
        return self.b + self.w(c).sum((1, 2)) + pair


fm = FM()
BS = 10000
EPOCHS = 80
opt = torch.optim.Adam(fm.parameters(), lr=3e-3)
train, test = slice(0, 20000), slice(20000, None)
for ep in range(EPOCHS):
    for idx in torch.randperm(20000).split(BS):
        loss = nn.functional.binary_cross_entropy_with_logits(fm(cats[idx]), click[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if ep % 10 == 0:
        print(ep, loss.item())
with torch.no_grad():
    print("test logloss", nn.functional.binary_cross_entropy_with_logits(fm(cats[test]), click[test]).item())
