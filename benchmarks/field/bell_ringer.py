import math
import torch
from torch import nn

torch.manual_seed(7)
N, T = 3000, 24
t = torch.arange(T) / T
kind = torch.randint(0, 4, (N,))
freq = torch.tensor([1.0, 2.0, 3.0, 4.5])[kind]
sig = torch.sin(2 * math.pi * (freq[:, None] * t + torch.rand(N, 1))) + 0.25 * torch.randn(N, T)
sig = sig.view(N, 6, 4) / 0.75

class Ringer(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.inp = nn.Linear(4, d)
        self.pos = nn.Parameter(torch.randn(1, 6, d) * 0.1)
        layer = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True)
        self.enc = nn.TransformerEncoder(layer, 2)
        self.cls = nn.Linear(d, 4)
    def forward(self, x):
        return self.cls(self.enc(self.inp(x) + self.pos).mean(1))

m = Ringer()
opt = torch.optim.Adam(m.parameters(), lr=0.05)
for step in range(400):
    i = torch.randint(0, 2500, (64,))
    loss = nn.functional.cross_entropy(m(sig[i]), kind[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        print(step, loss.item())
m.eval()
with torch.no_grad():
    out = m(sig[2500:])
    print("val loss", nn.functional.cross_entropy(out, kind[2500:]).item(), "acc", (out.argmax(1) == kind[2500:]).float().mean().item())
