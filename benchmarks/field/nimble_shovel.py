import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(79)
MAXN, D = 8, 10
direction = torch.randn(D)


def ragged(n):
    length = torch.distributions.Binomial(MAXN, torch.tensor(0.6)).sample((n,)).long()
    x = torch.randn(n, MAXN, D)
    mask = torch.arange(MAXN)[None] < length[:, None]
    proj = (x @ direction).masked_fill(~mask, -9).amax(1)
    return x * mask[..., None], mask, (proj > 4.0).float()


class AttnPool(nn.Module):
    def __init__(self, h=48):
        super().__init__()
        self.item = nn.Sequential(nn.Linear(D, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU())
        self.score = nn.Linear(h, 1)
        self.out = nn.Sequential(nn.Linear(h, h), nn.ReLU(), nn.Linear(h, 1))

    def forward(self, x, mask):
        h = self.item(x)
        s = self.score(h).squeeze(-1).masked_fill(~mask, float("-inf"))
        w = torch.softmax(s, 1)
        return self.out((w.unsqueeze(-1) * h).sum(1)).squeeze(-1)


model = AttnPool()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
test = ragged(3000)
for step in range(900):
    x, mask, y = ragged(32)
    loss = F.binary_cross_entropy_with_logits(model(x, mask), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    if step % 90 == 0:
        print("step", step, "bce", round(loss.item(), 4))
with torch.no_grad():
    z = model(test[0], test[1])
    print("final", round(loss.item(), 4), "test bce", round(F.binary_cross_entropy_with_logits(z, test[2]).item(), 4),
          "acc", round(((z > 0).float() == test[2]).float().mean().item(), 4))
