import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(41)
items = torch.randn(3000, 8)
utility = items[:, 0] * items[:, 1] + torch.tanh(2 * items[:, 2]) + 0.5 * items[:, 3].abs()


def pairs(lo, hi, n):
    a, b = torch.randint(lo, hi, (n,)), torch.randint(lo, hi, (n,))
    keep = (utility[a] - utility[b]).abs() > 0.05
    a, b = a[keep], b[keep]
    return a, b, torch.sign(utility[a] - utility[b])


class Scorer(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(8, 64), nn.ELU(), nn.Linear(64, 64), nn.ELU(), nn.Linear(64, 1))

    def forward(self, i):
        return self.f(items[i]).squeeze(1)


s = Scorer()
opt = torch.optim.RMSprop(s.parameters(), lr=7e-4)
rank = nn.MarginRankingLoss(margin=0.5)
va, vb, vs = pairs(2400, 3000, 5000)
avg = 0.0
for step in range(1, 3001):
    a, b, sg = pairs(0, 2400, 64)
    loss = rank(s(a), s(b), sg)
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg += loss.item() / 300
    if step % 300 == 0:
        with torch.no_grad():
            d = s(va) - s(vb)
        print(f'{step:5d} hinge {avg:.4f} held-out pairs ordered rightly {(d.sign() == vs).float().mean().item():.4f}')
        avg = 0.0
