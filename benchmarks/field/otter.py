import math, torch
import torch.nn.functional as F
torch.set_num_threads(1)
gen = torch.Generator().manual_seed(7)

def textures(n):
    k = torch.randint(0, 4, (n,), generator=gen)
    f = torch.tensor([0.5, 0.9, 1.4, 2.0])[k]
    th = torch.rand(n, generator=gen) * math.pi
    yy, xx = torch.meshgrid(torch.arange(16.), torch.arange(16.), indexing="ij")
    ph = xx[None] * torch.cos(th)[:, None, None] + yy[None] * torch.sin(th)[:, None, None]
    img = torch.sin(ph * f[:, None, None]) + 0.5 * torch.randn(n, 16, 16, generator=gen)
    return img[:, None], k

class Stack(torch.nn.Module):
    def __init__(self, width=16, depth=7):
        super().__init__()
        self.convs = torch.nn.ModuleList()
        c = 1
        for j in range(depth):
            self.convs.append(torch.nn.Conv2d(c, width, 3, padding=1, stride=2 if j in (2, 4) else 1))
            c = width
        self.out = torch.nn.Linear(width, 4)
        for m in self.convs:
            with torch.no_grad():
                m.weight.copy_(torch.randn(m.weight.shape, generator=gen) * 0.45)
                m.bias.zero_()
    def forward(self, x):
        for m in self.convs:
            x = F.relu(m(x))
        return self.out(x.mean((2, 3)))

xtr, ytr = textures(2000)
xte, yte = textures(600)
torch.manual_seed(1)
net = Stack()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.01)
for s in range(350):
    j = torch.randint(0, 2000, (32,), generator=gen)
    loss = F.cross_entropy(net(xtr[j]), ytr[j])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 50 == 0:
        print(s, loss.item())
with torch.no_grad():
    o = net(xte)
    print(f"train {F.cross_entropy(net(xtr), ytr):.4f} test {F.cross_entropy(o, yte):.4f} acc {(o.argmax(1) == yte).float().mean():.4f}")
