import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(16)
V = 1500
nxt = torch.randint(0, V, (V, 4))
def get(n):
    x = torch.randint(0, V, (n,)); return x, nxt[x, torch.randint(0, 4, (n,))]
emb, out = nn.Embedding(V, 48), nn.Linear(48, V)
nn.init.normal_(emb.weight, std=0.5)
opt = torch.optim.Adam([*emb.parameters(), *out.parameters()], lr=0.004)
xv, yv = get(4000)
for s in range(900):
    x, y = get(512)
    l = F.cross_entropy(out(emb(x)), y); opt.zero_grad(); l.backward(); opt.step()
    if s % 90 == 0: print(s, '%.4f' % l.item())
with torch.no_grad():
    x, y = get(4000)
    print('floor 1.386 train %.4f held-out %.4f' % (F.cross_entropy(out(emb(x)), y), F.cross_entropy(out(emb(xv)), yv)))
