import torch
import torch.nn as nn

torch.manual_seed(87)
L = 48
grid = torch.linspace(0, 6.28, L)


def clean(n):
    a, f, ph = torch.rand(n, 1) + 0.5, torch.rand(n, 1) * 2 + 0.5, torch.rand(n, 1) * 6.28
    return a * torch.sin(f * grid + ph)


def build(sizes):
    g = torch.Generator().manual_seed(5)
    return {f"w{k}": torch.randn(o, i, generator=g) * (1.5 / i) ** 0.5 for k, (i, o) in enumerate(zip(sizes, sizes[1:]))} | \
           {f"b{k}": torch.zeros(o) for k, o in enumerate(sizes[1:])}


weights = build([L, 96, 96, L])
for v in weights.values():
    v.requires_grad_(True)


def denoise(w, x):
    h = torch.nn.functional.silu(torch.nn.functional.linear(x, w["w0"], w["b0"]))
    h = torch.nn.functional.silu(torch.nn.functional.linear(h, w["w1"], w["b1"]))
    return torch.nn.functional.linear(h, w["w2"], w["b2"])


trainable = [v.clone().detach().requires_grad_(True) for v in weights.values()]
opt = torch.optim.SGD(trainable, lr=0.05, momentum=0.9, nesterov=True)
held = clean(1000)
held_noisy = held + 0.4 * torch.randn_like(held)
for step in range(1200):
    c = clean(64)
    loss = (denoise(weights, c + 0.4 * torch.randn_like(c)) - c).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 120 == 0:
        print(f"{step:5d} mse {loss.item():.4f}")
with torch.no_grad():
    print(f"final mse {loss.item():.4f} held-out {(denoise(weights, held_noisy) - held).pow(2).mean().item():.4f} (noise power 0.16)")
