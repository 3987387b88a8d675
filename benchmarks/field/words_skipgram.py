import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(59)
V, TOPICS, D = 400, 8, 24
topic = torch.arange(V) % TOPICS
freq = 1.0 / (1 + torch.arange(V).float()) ** 0.7
same = torch.stack([freq * (topic == k).float() for k in range(TOPICS)])


def pairs(n):
    c = torch.multinomial(freq, n, replacement=True)
    ctx = torch.multinomial(same[topic[c]] + 0.03 * freq, 1)[:, 0]
    neg = torch.multinomial(freq ** 0.75, n * 5, replacement=True).view(n, 5)
    return c, ctx, neg


inp = nn.Embedding(V, D, sparse=True)
out = nn.Embedding(V, D, sparse=True)
nn.init.uniform_(inp.weight, -0.5 / D, 0.5 / D)
nn.init.zeros_(out.weight)
opt = torch.optim.SparseAdam(list(inp.parameters()) + list(out.parameters()), lr=5e-3)


def loss_fn(c, ctx, neg):
    u = inp(c)
    pos = F.logsigmoid((u * out(ctx)).sum(1))
    ng = F.logsigmoid(-torch.einsum('nd,nkd->nk', u, out(neg))).sum(1)
    return -(pos + ng).mean()


held = pairs(4000)
for step in range(2000):
    loss = loss_fn(*pairs(128))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 199:
        with torch.no_grad():
            e = F.normalize(inp.weight, dim=1)
            nn_ = (e @ e.T).fill_diagonal_(-1).argmax(1)
            print(f'{step + 1} loss {loss.item():.4f} held-out {loss_fn(*held).item():.4f} neighbour topic match {(topic[nn_] == topic).float().mean().item():.3f}')
