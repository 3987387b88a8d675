"""Read a name, write it with its letters sorted."""
import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(12)
L = 6
names = sorted({n.strip().lower()[:L] for n in open(os.environ["NAMES_FILE"]) if len(n.strip()) >= L})
src = torch.tensor([[ord(c) - 96 for c in n] for n in names])
src = src[torch.randperm(len(src))]
tgt = src.sort(1).values
test_n = 1000


class S2S(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.emb = nn.Embedding(28, 32)
        self.enc = nn.GRU(32, h, batch_first=True, bidirectional=True)
        self.join = nn.Linear(2 * h, h)
        self.keys = nn.Linear(2 * h, h)
        self.dec = nn.GRU(32, h, batch_first=True)
        self.out = nn.Linear(2 * h, 28)

    def forward(self, s, t):
        e, last = self.enc(self.emb(s))
        k = self.keys(e)
        start = torch.tanh(self.join(torch.cat([last[0], last[1]], 1))).unsqueeze(0)
        shifted = torch.cat([torch.zeros_like(t[:, :1]), t[:, :-1]], 1)
        d, _ = self.dec(self.emb(shifted), start)
        a = torch.softmax(d @ k.transpose(1, 2) / k.shape[-1] ** 0.5, -1) @ k
        return self.out(torch.cat([d, a], 2))


net = S2S()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1200)
for step in range(1200):
    i = torch.randint(test_n, len(src), (64,))
    loss = F.cross_entropy(net(src[i], tgt[i]).transpose(1, 2), tgt[i])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 120 == 119:
        with torch.no_grad():
            o = net(src[:test_n], tgt[:test_n])
        print(f"step {step + 1} train {loss.item():.4f} test {F.cross_entropy(o.transpose(1, 2), tgt[:test_n]).item():.4f} letters {(o.argmax(-1) == tgt[:test_n]).float().mean().item():.4f}")
