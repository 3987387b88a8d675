import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(3)
V, T, D = 12, 8, 32
class Attn(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv, self.o = nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.m = nn.Sequential(nn.Linear(D, 64), nn.GELU(), nn.Linear(64, D))
    def forward(self, x):
        B = len(x)
        q, k, v = self.qkv(self.n1(x)).view(B, T, 3, 2, D // 2).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(B, T, D)
        x = x + self.o(a)
        return x + self.m(self.n2(x))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e, self.p = nn.Embedding(V, D), nn.Parameter(torch.randn(T, D))
        self.b = nn.Sequential(Attn(), Attn()); self.n = nn.LayerNorm(D); self.h = nn.Linear(D, V)
    def forward(self, x): return self.h(self.n(self.b(self.e(x) + self.p)))
net = Net()
steps = 900
opt = torch.optim.AdamW(net.parameters(), lr=0.01, weight_decay=0.01)
sch = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / 80, max(0.02, (steps - s) / (steps - 80))))
def get(n):
    x = torch.randint(0, V, (n, T)); return x, x.flip(1)
for s in range(steps):
    x, y = get(64)
    loss = F.cross_entropy(net(x).flatten(0, 1), y.flatten())
    opt.zero_grad(); loss.backward(); opt.step(); sch.step()
    if s % 100 == 0: print(s, f'{loss.item():.4f}')
with torch.no_grad():
    x, y = get(500); a, b = get(500)
    print(f'train {F.cross_entropy(net(x).flatten(0,1), y.flatten()):.5f} held-out {F.cross_entropy(net(a).flatten(0,1), b.flatten()):.5f} acc {(net(a).argmax(-1) == b).float().mean():.4f}')
