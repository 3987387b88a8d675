import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(43)
V, T = 8, 30


def make(n):
    x = torch.randint(0, V, (n, T))
    return x, x[:, 0]


class Recall(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.inp = nn.Linear(V, hidden)
        self.rec = nn.Linear(hidden, hidden, bias=False)
        nn.init.orthogonal_(self.rec.weight, gain=0.5)
        self.out = nn.Linear(hidden, V)

    def forward(self, x):
        h = torch.zeros(len(x), self.rec.in_features)
        for t in range(x.size(1)):
            h = torch.tanh(self.inp(F.one_hot(x[:, t], V).float() * (1.0 if t == 0 else 0.3)) + self.rec(h))
        return self.out(h)


net = Recall()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(1000):
    x, y = make(64)
    loss = F.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 100 == 0:
        print(step, f"{loss.item():.4f}")
with torch.no_grad():
    x, y = make(2000)
    print(f"final {loss.item():.4f} fresh loss {F.cross_entropy(net(x), y).item():.4f} acc {(net(x).argmax(1) == y).float().mean().item():.3f}")
