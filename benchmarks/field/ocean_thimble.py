import torch
from torch import nn

torch.manual_seed(8)
N, D, L = 5000, 30, 12
proto = torch.randn(L, D)
x = torch.randn(N, D)
score = x @ proto.T / D ** 0.5
tags = (score + 0.1 * torch.randn(N, L) > 1.0).float()


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(D, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU())
        self.head = nn.Linear(64, L)

    def forward(self, x):
        return torch.sigmoid(self.head(self.body(x)))


tagger = Tagger()
bce = nn.BCEWithLogitsLoss()
opt = torch.optim.AdamW(tagger.parameters(), lr=1e-3, weight_decay=0.01)
for step in range(1, 2001):
    i = torch.randint(0, 4000, (64,))
    loss = bce(tagger(x[i]), tags[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 500 == 0:
        print(step, loss.item())
with torch.no_grad():
    out = tagger(x[4000:])
    thr = 0.5 if out.min() >= 0 and out.max() <= 1 else 0.0
    pred, t = out > thr, tags[4000:] > 0.5
    f1 = 2 * (pred & t).sum() / (pred.sum() + t.sum())
    print(f'final train loss {bce(tagger(x[:4000]), tags[:4000]).item():.4f} held-out f1 {f1.item():.4f}')
