import math
import torch
import torch.nn as nn

torch.manual_seed(10)
V, T, D = 12, 8, 48


class Reverser(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(V, D)
        self.pos = nn.Embedding(T, D)
        layer = nn.TransformerEncoderLayer(D, 4, 96, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(D), enable_nested_tensor=False)
        self.head = nn.Linear(D, V)

    def forward(self, s):
        return self.head(self.enc(self.tok(s) + self.pos.weight))


net = Reverser()
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
N, W = 800, 50
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: (s + 1) / W if s < W else 0.5 * (1 + math.cos(math.pi * (s - W) / (N - W))))
ce = nn.CrossEntropyLoss()
for step in range(N):
    s = torch.randint(0, V, (64, T))
    loss = ce(net(s).reshape(-1, V), s.flip(1).reshape(-1))
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 80 == 0:
        print(f"step {step} loss {loss.item():.4f}")
with torch.no_grad():
    s = torch.randint(0, V, (500, T))
    o = net(s)
    print(f"fresh loss {ce(o.reshape(-1, V), s.flip(1).reshape(-1)).item():.4f} exact {(o.argmax(-1) == s.flip(1)).all(1).float().mean().item():.4f}")
