import copy, math, torch, torch.nn as nn


class Denoiser(nn.Module):
    def __init__(self, h=96, bands=8):
        super().__init__()
        self.register_buffer("freq", 2.0 ** torch.arange(bands) * math.pi / 2)
        self.inp = nn.Linear(2 + 2 * bands, h)
        self.mid = nn.ModuleList([nn.Sequential(nn.LayerNorm(h), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, h)) for _ in range(3)])
        self.out = nn.Linear(h, 2)
        nn.init.zeros_(self.out.weight)

    def forward(self, x, t):
        ang = t[:, None] * self.freq
        h = self.inp(torch.cat([x, ang.sin(), ang.cos()], 1))
        for m in self.mid:
            h = h + m(h)
        return self.out(h)


SPOTS = torch.stack([torch.cos(torch.arange(6) * math.pi / 3), torch.sin(torch.arange(6) * math.pi / 3)], 1) * 1.4


def blobs(n):
    return SPOTS[torch.randint(0, 6, (n,))] + 0.12 * torch.randn(n, 2)


T = 50
beta = torch.linspace(1e-3, 0.15, T)
abar = torch.cumprod(1 - beta, 0)


def loss_fn(net, x):
    t = torch.randint(0, T, (len(x),))
    e = torch.randn_like(x)
    a = abar[t][:, None]
    return (net(a.sqrt() * x + (1 - a).sqrt() * e, t / T) - e).square().mean()


@torch.no_grad()
def draw(net, n):
    x = torch.randn(n, 2)
    for k in range(T - 1, -1, -1):
        e = net(x, torch.full((n,), k / T))
        x = (x - beta[k] / (1 - abar[k]).sqrt() * e) / (1 - beta[k]).sqrt()
        if k:
            x = x + beta[k].sqrt() * torch.randn_like(x)
    return x


torch.manual_seed(13)
net = Denoiser()
ema = copy.deepcopy(net).requires_grad_(False)
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
for it in range(1, 2501):
    loss = loss_fn(net, blobs(256))
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        for p, q in zip(ema.parameters(), net.parameters()):
            p.lerp_(q, 0.005)
    if it % 500 == 0:
        s = draw(ema, 1000)
        good = (torch.cdist(s, SPOTS).amin(1) < 0.36).float().mean().item()
        with torch.no_grad():
            print(it, f"loss {loss_fn(ema, blobs(4000)).item():.4f} near a blob {good:.3f}")
