import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(3)
L, V, D = 8, 10, 48


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv = nn.Linear(D, 3 * D)
        self.proj = nn.Linear(D, D)
        self.mlp = nn.Sequential(nn.Linear(D, 4 * D), nn.GELU(), nn.Linear(4 * D, D))

    def forward(self, x):
        B, T, _ = x.shape
        q, k, v = self.qkv(self.n1(x)).view(B, T, 3, 4, D // 4).permute(2, 0, 3, 1, 4)
        a = (q @ k.transpose(-1, -2) / math.sqrt(D // 4)).softmax(-1)
        x = x + self.proj((a @ v).transpose(1, 2).reshape(B, T, D))
        return x + self.mlp(self.n2(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(V, D)
        self.pos = nn.Parameter(0.5 * torch.randn(L, D))
        self.blocks = nn.Sequential(Block(), Block())
        self.ln = nn.LayerNorm(D)
        self.head = nn.Linear(D, V)

    def forward(self, x):
        return self.head(self.ln(self.blocks(self.tok(x) + self.pos)))


net = Net()
optimizer = torch.optim.AdamW(net.parameters(), lr=1.5e-1, weight_decay=0.01)
for it in range(700):
    x = torch.randint(0, V, (32, L))
    y = x.flip(1)
    loss = F.cross_entropy(net(x).transpose(1, 2), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 100 == 99:
        with torch.no_grad():
            x = torch.randint(0, V, (256, L))
            acc = (net(x).argmax(-1) == x.flip(1)).float().mean()
        print(f"{it + 1:5d} loss {loss.item():.4f} acc {acc:.3f}")
