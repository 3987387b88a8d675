import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3407)
stream = [0]
for w in open('data/names.txt').read().split():
    stream += [ord(c) - 96 for c in w] + [0]
stream = torch.tensor(stream)
cut = int(0.95 * len(stream))
T, D, H, STEPS, WARM, PEAK = 24, 64, 4, 700, 70, 2e-3

class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.RMSNorm(D), nn.RMSNorm(D)
        self.qkv, self.proj = nn.Linear(D, 3 * D, bias=False), nn.Linear(D, D, bias=False)
        self.up, self.gate, self.down = nn.Linear(D, 2 * D, bias=False), nn.Linear(D, 2 * D, bias=False), nn.Linear(2 * D, D, bias=False)
        nn.init.zeros_(self.proj.weight)
        nn.init.zeros_(self.down.weight)
    def forward(self, x):
        B = len(x)
        q, k, v = self.qkv(self.a(x)).view(B, T, 3, H, D // H).permute(2, 0, 3, 1, 4)
        x = x + self.proj(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, D))
        h = self.b(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))

class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(27, D)
        self.wpe = nn.Parameter(torch.randn(T, D) * 0.02)
        self.blocks = nn.Sequential(*[Layer() for _ in range(2)])
        self.norm, self.head = nn.RMSNorm(D), nn.Linear(D, 27, bias=False)
        nn.init.normal_(self.wte.weight, std=0.1)
        nn.init.normal_(self.head.weight, std=0.02)
    def forward(self, x):
        return self.head(self.norm(self.blocks(self.wte(x) + self.wpe)))

def batch(lo, hi, n):
    i = torch.randint(lo, hi - T - 1, (n,))[:, None] + torch.arange(T + 1)
    return stream[i][:, :-1], stream[i][:, 1:]

model = GPT()
mats = [p for p in model.parameters() if p.ndim == 2]
rest = [p for p in model.parameters() if p.ndim != 2]
opt = torch.optim.AdamW([{'params': mats, 'weight_decay': 0.3}, {'params': rest, 'weight_decay': 0.0}], lr=PEAK, betas=(0.9, 0.95))
lr_at = lambda s: min(1, (s + 1) / WARM) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * max(0, s - WARM) / (STEPS - WARM))))
sched = torch.optim.lr_scheduler.LambdaLR(opt, lr_at)
for s in range(STEPS):
    x, y = batch(0, cut, 32)
    loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
    opt.zero_grad()
    loss.backward()
    gn = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step(); sched.step()
    if s % 70 == 0 or s == STEPS - 1:
        with torch.no_grad():
            x, y = batch(cut, len(stream), 300)
            v = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        print(f'{s} loss {loss.item():.3f} val {v.item():.3f} gnorm {gn.item():.2f} lr {sched.get_last_lr()[0]:.1e}')
