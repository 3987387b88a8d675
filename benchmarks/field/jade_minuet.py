import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(39)
V, T, D = 10, 8, 48


class Attend(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(D, D) for _ in range(4))

    def forward(self, x, mem, mask):
        B, n, _ = x.shape
        sp = lambda z: z.view(B, -1, 4, D // 4).transpose(1, 2)
        s = sp(self.q(x)) @ sp(self.k(mem)).transpose(-1, -2) / (D // 4) ** 0.5
        s = s.masked_fill(~mask, -1e9)
        return self.o((s.softmax(-1) @ sp(self.v(mem))).transpose(1, 2).reshape(B, n, D))


class Reverser(nn.Module):
    def __init__(self):
        super().__init__()
        self.src, self.pos = nn.Embedding(V + 1, D), nn.Parameter(0.3 * torch.randn(2 * T, D))
        self.att = nn.ModuleList(Attend() for _ in range(2))
        self.mlp = nn.ModuleList(nn.Sequential(nn.LayerNorm(D), nn.Linear(D, 96), nn.GELU(), nn.Linear(96, D)) for _ in range(2))
        self.ln = nn.ModuleList(nn.LayerNorm(D) for _ in range(2))
        self.head = nn.Linear(D, V)

    def forward(self, s):
        blank = torch.full_like(s, V)
        h = self.src(torch.cat([s, blank], 1)) + self.pos
        hide = torch.zeros(2 * T, 2 * T, dtype=torch.bool)
        hide[:, T:] = True
        hide |= torch.eye(2 * T, dtype=torch.bool)
        for a, m, n in zip(self.att, self.mlp, self.ln):
            z = n(h)
            h = h + a(z, z, hide)
            h = h + m(h)
        return self.head(h[:, T:])


model = Reverser()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
for it in range(700):
    s = torch.randint(0, V, (64, T))
    loss = F.cross_entropy(model(s).reshape(-1, V), s.flip(1).reshape(-1))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0:
        print(it, round(loss.item(), 4))
with torch.no_grad():
    s = torch.randint(0, V, (500, T))
    print("digit accuracy", (model(s).argmax(-1) == s.flip(1)).float().mean().item())
