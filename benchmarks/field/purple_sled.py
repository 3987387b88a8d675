import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(57)
d = 20
w = torch.randn(d) / d ** 0.5
q = torch.randn(d, d) / d


def relevance(x):
    return 2 * (x @ w) + ((x @ q) * x).sum(-1)


pool = torch.randn(5000, d)
rel = relevance(pool) + 0.1 * torch.randn(5000)
held = torch.randn(1500, d)
held_rel = relevance(held)


class Scorer(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(d, h, bias=False), nn.BatchNorm1d(h), nn.SiLU(),
            nn.Linear(h, h, bias=False), nn.BatchNorm1d(h), nn.SiLU(),
            nn.Linear(h, 1))

    def forward(self, x):
        return self.net(x).squeeze(-1)


def ranknet(s, r):
    diff_s, diff_r = s[:, None] - s[None], r[:, None] - r[None]
    up = diff_r > 0
    return F.softplus(-diff_s[up]).mean()


scorer = Scorer()
opt = torch.optim.Adam(scorer.parameters(), lr=1e-3)
LIST = 3
for step in range(2400):
    scorer.train()
    i = torch.randperm(5000)[:LIST]
    loss = ranknet(scorer(pool[i]), rel[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 240 == 0:
        print("step", step, "pair loss", round(loss.item(), 4))
scorer.eval()
with torch.no_grad():
    tr = ranknet(scorer(pool[:1500]), rel[:1500]).item()
    s = scorer(held)
    up = (held_rel[:, None] - held_rel[None]) > 0
    agree = ((s[:, None] - s[None]) > 0)[up].float().mean().item()
    print("final train", round(tr, 4), "held-out", round(ranknet(s, held_rel).item(), 4), "pairs right", round(agree, 4))
