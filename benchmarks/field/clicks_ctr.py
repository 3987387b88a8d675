import time
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(28)
N, FIELDS, CARD = 24000, 5, 12
ids = torch.randint(0, CARD, (N, FIELDS))
dense = torch.randn(N, 4)
pair = torch.randn(CARD, CARD) * 1.2
main = torch.randn(FIELDS, CARD) * 0.8
score = pair[ids[:, 0], ids[:, 1]] + main[torch.arange(FIELDS), ids].sum(1) + 1.5 * torch.sin(2 * dense[:, 0]) + dense[:, 1] * dense[:, 2]
click = (torch.rand(N) < torch.sigmoid(3 * score)).float()


class Ranker(nn.Module):
    def __init__(self, k=6):
        super().__init__()
        self.emb = nn.ModuleList([nn.Embedding(CARD, k) for _ in range(FIELDS)])
        self.net = nn.Sequential(nn.Linear(FIELDS * k + 4, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, i, d):
        e = [m(i[:, j]) for j, m in enumerate(self.emb)]
        return self.net(torch.cat(e + [d], 1)).squeeze(1)


model = Ranker()
BATCH, EPOCHS = 4000, 60
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
t0 = time.time()
for ep in range(EPOCHS):
    tot = 0
    for b in torch.randperm(20000).split(BATCH):
        loss = F.binary_cross_entropy_with_logits(model(ids[b], dense[b]), click[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    if ep % 5 == 4:
        with torch.no_grad():
            v = F.binary_cross_entropy_with_logits(model(ids[20000:], dense[20000:]), click[20000:])
        print(f'epoch {ep + 1} logloss {tot / 20000:.4f} holdout {v.item():.4f}')
