import os
import torch
import torch.nn as nn

torch.manual_seed(77)
names = [n for n in open(os.environ['NAMES_FILE']).read().split() if 5 <= len(n) <= 10][:8000]
T = 10
tok = torch.zeros(len(names), T, dtype=torch.long)
lab = torch.zeros(len(names), dtype=torch.long)
for i, n in enumerate(names):
    tok[i, :len(n)] = torch.tensor([ord(c) - 96 for c in n])
    lab[i] = min(sum(c in 'aeiou' for c in n), 5) - 1 if any(c in 'aeiou' for c in n) else 0


class Cls(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.emb = nn.Embedding(27, d)
        self.pos = nn.Parameter(torch.randn(T, d) * 0.02)
        self.ff = nn.Sequential(nn.Linear(d, 64), nn.GELU(), nn.Linear(64, d))
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, 5)

    def forward(self, t):
        h = self.emb(t) + self.pos
        h = h + self.ff(h)
        h = self.norm(h)
        h = h.mean(dim=0)
        return self.head(h)


net = Cls()
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
for step in range(2500):
    i = torch.randint(0, 7200, (T,))
    loss = nn.functional.cross_entropy(net(tok[i]), lab[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 500 == 0:
        print(step, loss.item())
with torch.no_grad():
    k = torch.arange(7200, 7200 + 400)
    out = torch.cat([net(tok[c]) for c in k.split(T)])
    print('held-out loss', nn.functional.cross_entropy(out, lab[k]).item(), 'acc', (out.argmax(1) == lab[k]).float().mean().item())
