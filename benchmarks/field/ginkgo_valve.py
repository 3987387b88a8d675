import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(9)
L, V = 5, 8


class Seq2Seq(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.e = nn.Embedding(V + 1, 24)
        self.enc = nn.GRU(24, h, batch_first=True)
        self.dec = nn.GRU(24, h, batch_first=True)
        self.out = nn.Linear(h, V)

    def forward(self, src, tgt_in):
        _, s = self.enc(self.e(src))
        o, _ = self.dec(self.e(tgt_in), s)
        return self.out(o)


net = Seq2Seq()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
STEPS = 900
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / 60, 0.5 * (1 + math.cos(math.pi * s / STEPS))))
for s in range(STEPS):
    src = torch.randint(0, V, (64, L))
    tgt = src.flip(1)
    tin = torch.cat([torch.full((64, 1), V), tgt[:, :-1]], 1)
    logits = net(src, tin)
    loss = F.cross_entropy(logits.reshape(-1, V), tgt.reshape(-1))
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    sched.step()
    if s % 100 == 0 or s == STEPS - 1:
        print(s, "loss %.4f" % loss.item(), "token acc %.3f" % (logits.argmax(-1) == tgt).float().mean().item())
