import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(1337)
CFG = dict(d=96, heads=4, layers=2, T=16, bs=32, lr=1e-3, steps=700)
text = open('data/names.txt').read().split('\n')
vocab = ['.'] + sorted(set(''.join(text)))
ix = {c: i for i, c in enumerate(vocab)}
rows = []
for w in text:
    if not w: continue
    s = [0] + [ix[c] for c in w] + [0]
    rows.append(s[:CFG['T'] + 1] + [-1] * (CFG['T'] + 1 - len(s)))
data = torch.tensor(rows)
data = data[torch.randperm(len(data))]
train, val = data[:28000], data[28000:]

class Block(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.h = h
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv = nn.Linear(d, 3 * d)
        self.o = nn.Linear(d, d)
        self.ff = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
    def forward(self, x):
        B, T, D = x.shape
        q, k, v = [t.view(B, T, self.h, -1).transpose(1, 2) for t in self.qkv(self.n1(x)).chunk(3, -1)]
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(a.transpose(1, 2).reshape(B, T, D))
        return x + self.ff(self.n2(x))

class LM(nn.Module):
    def __init__(self, V, c):
        super().__init__()
        self.tok = nn.Embedding(V, c['d'])
        self.pos = nn.Embedding(c['T'], c['d'])
        self.blocks = nn.Sequential(*[Block(c['d'], c['heads']) for _ in range(c['layers'])])
        self.nf = nn.LayerNorm(c['d'])
        self.head = nn.Linear(c['d'], V, bias=False)
        self.head.weight = self.tok.weight
    def forward(self, x):
        h = self.tok(x) + self.pos(torch.arange(x.size(1)))
        return self.head(self.nf(self.blocks(h)))

model = LM(len(vocab), CFG)
opt = torch.optim.AdamW(model.parameters(), lr=CFG['lr'])

def loss_of(b):
    x, y = b[:, :-1].clamp(min=0), b[:, 1:]
    return F.cross_entropy(model(x).flatten(0, 1), y.flatten(), ignore_index=-1)

for step in range(CFG['steps']):
    loss = loss_of(train[torch.randint(0, len(train), (CFG['bs'],))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, round(loss.item(), 3))
with torch.no_grad():
    print('val', loss_of(val[:1500]).item())
