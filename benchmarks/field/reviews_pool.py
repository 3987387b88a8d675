import torch
from torch import nn

torch.manual_seed(37)
PAD, V, MAXLEN = 0, 600, 24
polarity = torch.randn(V)
polarity[torch.rand(V) < 0.7] = 0


def reviews(n):
    lens = torch.randint(5, MAXLEN - 2, (n,))
    tok = torch.randint(1, V, (n, MAXLEN))
    tok[torch.arange(MAXLEN)[None] >= lens[:, None]] = PAD
    s = (polarity[tok] * (tok != PAD)).sum(1)
    return tok, (s + 0.3 * torch.randn(n) > 0).float()


class AttnPool(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.emb = nn.Embedding(V, d, padding_idx=PAD)
        self.score = nn.Linear(d, 1)
        self.mlp = nn.Sequential(nn.Linear(d, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, tok):
        e = self.emb(tok)
        mask = tok != PAD
        a = self.score(e).squeeze(-1).masked_fill(mask, float('-inf')).softmax(-1)
        return self.mlp(torch.einsum('bt,btd->bd', a, e)).squeeze(-1)


xt, yt = reviews(4000)
xv, yv = reviews(800)
model = AttnPool()
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.05)
bce = nn.BCEWithLogitsLoss()
for epoch in range(12):
    tot = 0
    for b in torch.randperm(4000).split(64):
        loss = bce(model(xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    with torch.no_grad():
        o = model(xv)
    print(f'epoch {epoch + 1} loss {tot / 4000:.4f} val {bce(o, yv).item():.4f} acc {((o > 0) == (yv > 0)).float().mean().item():.3f}')
