import torch
import torch.nn as nn
import torch.nn.functional as F

class Recall(nn.Module):
    """Read a noisy symbol stream; at the end say which symbol came first."""
    def __init__(self, vocab=8, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(vocab, 16)
        self.cell_in = nn.Linear(16, hidden)
        self.cell_h = nn.Linear(hidden, hidden, bias=False)
        nn.init.orthogonal_(self.cell_h.weight, gain=0.4)
        self.out = nn.Linear(hidden, vocab)

    def forward(self, s):
        e = self.cell_in(self.emb(s))
        h = e.new_zeros(s.size(0), self.cell_h.in_features)
        for t in range(s.size(1)):
            h = torch.tanh(e[:, t] + self.cell_h(h))
        return self.out(h)

def sample(n, T=12):
    s = torch.randint(0, 8, (n, T))
    s[:, 1:] = torch.where(torch.rand(n, T - 1) < 0.8, torch.zeros(1, dtype=torch.long), s[:, 1:])
    return s, s[:, 0]

torch.manual_seed(10)
net = Recall()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sv, yv = sample(1000)
for step in range(3001):
    s, y = sample(48)
    loss = F.cross_entropy(net(s), y)
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 300 == 0:
        with torch.no_grad():
            o = net(sv)
        print(step, round(loss.item(), 3), 'held-out', round(F.cross_entropy(o, yv).item(), 3), 'acc', round((o.argmax(1) == yv).float().mean().item(), 3))
