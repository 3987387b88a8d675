import math, torch
import torch.nn as nn

torch.manual_seed(0)
names = [l.strip() for l in open('data/names.txt') if 2 < len(l.strip()) < 13]
T, V, D = 14, 27, 64
M = torch.zeros(len(names), T, dtype=torch.long)
mask = torch.zeros(len(names), T)
for i, w in enumerate(names):
    s = [ord(c) - 96 for c in w] + [0]
    M[i, 1:len(s) + 1] = torch.tensor(s[:T - 1])
    mask[i, 1:len(s) + 1] = 1
perm = torch.randperm(len(names))
M, mask = M[perm], mask[perm]

class CharLM(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(V, D)
        self.p = nn.Embedding(T, D)
        nn.init.normal_(self.e.weight, std=.1); nn.init.normal_(self.p.weight, std=.1)
        blk = nn.TransformerEncoderLayer(D, 4, 4 * D, dropout=0.0, batch_first=True, norm_first=True)
        self.t = nn.TransformerEncoder(blk, 2, norm=nn.LayerNorm(D), enable_nested_tensor=False)
        self.h = nn.Linear(D, V)
        self.register_buffer('m', nn.Transformer.generate_square_subsequent_mask(T - 1))
    def forward(self, x):
        return self.h(self.t(self.e(x) + self.p.weight[:x.size(1)], mask=self.m, is_causal=True))

model = CharLM()
opt = torch.optim.Adam(model.parameters(), lr=0.02, betas=(0.9, 0.98))

def token_loss(x, m):
    lp = model(x[:, :-1]).log_softmax(-1)
    nll = -lp.gather(-1, x[:, 1:, None]).squeeze(-1)
    return (nll * m[:, 1:]).sum() / m[:, 1:].sum()

for it in range(801):
    i = torch.randint(0, 28000, (32,))
    loss = token_loss(M[i], mask[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0:
        with torch.no_grad():
            v = token_loss(M[28000:28600], mask[28000:28600])
        print('it %d train %.3f val %.3f' % (it, loss.item(), v.item()))
