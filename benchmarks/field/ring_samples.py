import math
import torch
import torch.nn as nn

torch.manual_seed(77)
device = "cpu"

def real_batch(n):
    a = torch.rand(n) * 2 * math.pi
    r = 1.0 + 0.1 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1).to(device)

def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, o))

G, D = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)

for step in range(1200):
    # discriminator
    fake = G(torch.randn(64, 4))
    d_loss = bce(D(real_batch(64)), 0.9 * ones) + bce(D(fake.detach()), zeros)
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    # generator
    g_loss = bce(D(fake), ones)
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    if step % 200 == 0:
        print(f"step {step} D {d_loss.item():.3f} G {g_loss.item():.3f}")

with torch.no_grad():
    s = G(torch.randn(2000, 4))
    rad = s.norm(dim=1)
    ang = torch.atan2(s[:, 1], s[:, 0])
    cover = (torch.histc(ang, 12, -math.pi, math.pi) > 40).sum().item()
print(f"samples: radius {rad.mean():.3f} +- {rad.std():.3f}, sectors covered {cover}/12")
