import torch
from torch import nn

torch.manual_seed(44)
V, C, L = 800, 6, 16
centres = torch.softmax(2.0 * torch.randn(C, V), 1)


def stream(n):
    y = torch.randint(0, C, (n,))
    x = torch.multinomial(centres[y], L, replacement=True)
    return x, torch.where(torch.rand(n) < 0.35, torch.randint(0, C, (n,)), y)


xv, yv = stream(3000)
emb = nn.EmbeddingBag(V, 24, mode='mean')
head = nn.Linear(24, C)
nn.init.normal_(emb.weight, std=0.3)
params = [*emb.parameters(), *head.parameters()]
opt = torch.optim.Adam(params, lr=2.5e-2)
BATCH = 2
ema = 1.8
for step in range(1, 4001):
    x, y = stream(BATCH)
    loss = nn.functional.cross_entropy(head(emb(x)), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    ema = 0.998 * ema + 0.002 * loss.item()
    if step % 400 == 0:
        with torch.no_grad():
            o = head(emb(xv))
            print(f'{step} smoothed loss {ema:.4f} val loss {nn.functional.cross_entropy(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.3f}')
