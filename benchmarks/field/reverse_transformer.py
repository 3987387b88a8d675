import torch
import torch.nn as nn

torch.manual_seed(12)
V, L, D = 10, 8, 64
pos = nn.Parameter(torch.randn(L, D) * 0.1)
emb = nn.Embedding(V, D)
layer = nn.TransformerEncoderLayer(D, 4, 128, dropout=0.0, batch_first=True)
enc = nn.TransformerEncoder(layer, 2)
head = nn.Linear(D, V)
params = [pos] + [p for m in (emb, enc, head) for p in m.parameters()]
opt = torch.optim.AdamW(params, lr=2e-2)


def run(x):
    return head(enc(emb(x) + pos))


for step in range(500):
    x = torch.randint(0, V, (32, L))
    y = x.flip(1)
    loss = nn.functional.cross_entropy(run(x).transpose(1, 2), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        print('step', step, 'loss', round(loss.item(), 4))

x = torch.randint(0, V, (500, L))
with torch.no_grad():
    out = run(x)
    print('test loss', round(nn.functional.cross_entropy(out.transpose(1, 2), x.flip(1)).item(), 4),
          'token accuracy', round((out.argmax(-1) == x.flip(1)).float().mean().item(), 4))
