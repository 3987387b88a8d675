import torch
from torch import nn

torch.manual_seed(52)
Q, D, F = 600, 12, 10
docs = torch.randn(Q, D, F)
w = torch.randn(F)
rel = docs @ w / F ** 0.5 + 0.5 * docs[..., 0] * docs[..., 1] + 0.2 * torch.randn(Q, D)
rank = nn.Sequential(nn.Linear(F, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU(), nn.Linear(24, 1, bias=False))
opt = torch.optim.Adam(rank.parameters(), lr=2e-3)
ACC = 4


def ranknet(s, r):
    ds = s[:, None] - s[None]
    m = r[:, None] > r[None] + 0.1
    return nn.functional.softplus(-ds[m]).mean()


def ndcg(q):
    with torch.no_grad():
        s = rank(docs[q]).squeeze(-1)
    gain = rel[q] - rel[q].min()
    disc = 1 / torch.log2(torch.arange(D) + 2.0)
    return ((gain[s.argsort(descending=True)] * disc).sum() / (gain.sort(descending=True).values * disc).sum()).item()


opt.zero_grad()
tot = 0.0
for it in range(2400):
    q = int(torch.randint(0, 500, (1,)))
    loss = ranknet(rank(docs[q]).squeeze(-1), rel[q]) / ACC
    loss.backward()
    tot += loss.item()
    if (it + 1) % ACC == 0:
        opt.step()
        opt.zero_grad()
    if (it + 1) % 400 == 0:
        print(it + 1, "pair loss", round(tot * ACC / 400, 4))
        tot = 0.0
print("mean ndcg", sum(ndcg(q) for q in range(500, 600)) / 100)
