import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(47)
S = 12
yy, xx = torch.meshgrid(torch.linspace(-1, 1, S), torch.linspace(-1, 1, S), indexing='ij')

def blobs(n):
    k = torch.randint(1, 5, (n,))
    pos = torch.rand(n, 4, 2) * 1.6 - 0.8
    on = (torch.arange(4)[None] < k[:, None]).float()
    img = (on[..., None, None] * torch.exp(-((xx - pos[..., 0, None, None]) ** 2 + (yy - pos[..., 1, None, None]) ** 2) / 0.02)).sum(1)
    return (2 * img + 0.1 * torch.randn(n, S, S))[:, None], k - 1

net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.AvgPool2d(2), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
                    nn.Flatten(), nn.Linear(32 * 36, 64), nn.ReLU(), nn.Linear(64, 4))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.01)
xt, kt = blobs(800)
avg = 0
for step in range(1, 601):
    x, k = blobs(32)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        out = net(x)
    loss = F.cross_entropy(out.float(), k)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    avg += loss.item()
    if step % 60 == 0:
        with torch.no_grad(), torch.autocast('cpu', dtype=torch.bfloat16):
            o = net(xt).float()
        print(step, f'train {avg / 60:.3f} test {F.cross_entropy(o, kt).item():.3f} acc {(o.argmax(1) == kt).float().mean().item():.3f}')
        avg = 0
