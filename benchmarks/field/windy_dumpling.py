import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(40)
T, S = 25, 6


class Recall(nn.Module):
    def __init__(self, h=48):
        super().__init__()
        self.emb = nn.Embedding(S + 2, h)
        self.rec = nn.Linear(h, h)
        self.out = nn.Linear(h, S)
        nn.init.normal_(self.emb.weight, std=0.1)
        nn.init.orthogonal_(self.rec.weight, gain=0.4)
        nn.init.zeros_(self.rec.bias)

    def forward(self, x):
        e = self.emb(x)
        h = torch.zeros(len(x), e.size(-1))
        for t in range(x.size(1)):
            h = torch.tanh(e[:, t] + self.rec(h))
        return self.out(h)


def sample(n):
    x = torch.randint(S, S + 2, (n, T))
    y = torch.randint(0, S, (n,))
    x[:, 0] = y
    return x, y


net = Recall()
opt = torch.optim.RMSprop(net.parameters(), lr=5e-4)
for it in range(1, 1001):
    x, y = sample(32)
    loss = F.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if it % 100 == 0:
        with torch.no_grad():
            x, y = sample(500)
            o = net(x)
        print(f"{it:5d}  loss {loss.item():.4f}  val {F.cross_entropy(o, y).item():.4f}  acc {(o.argmax(1) == y).float().mean().item():.3f}")
