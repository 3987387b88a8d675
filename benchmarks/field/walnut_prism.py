import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(44)


class Encoder(nn.Module):
    def __init__(self, v, h):
        super().__init__()
        self.emb = nn.Embedding(v, 16)
        self.rnn = nn.GRU(16, h, batch_first=True)

    def forward(self, x):
        return self.rnn(self.emb(x))[1]


class Decoder(nn.Module):
    def __init__(self, v, h):
        super().__init__()
        self.emb = nn.Embedding(v + 1, 16)
        self.rnn = nn.GRU(16, h, batch_first=True)
        self.out = nn.Linear(h, v)

    def forward(self, y, state):
        o, _ = self.rnn(self.emb(y), state)
        return self.out(o)


V, L = 10, 6
enc, dec = Encoder(V, 80), Decoder(V, 80)
opt = torch.optim.Adam([*enc.parameters(), *dec.parameters()], lr=4e-3)
for it in range(900):
    src = torch.randint(0, V, (64, L))
    tgt = src.flip(1)
    state = enc(src).detach()
    inp = torch.cat([torch.full((64, 1), V), tgt[:, :-1]], 1)
    logits = dec(inp, state)
    loss = F.cross_entropy(logits.reshape(-1, V), tgt.reshape(-1))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0 or it == 899:
        print(f"{it} loss {loss.item():.4f} acc {(logits.argmax(-1) == tgt).float().mean().item():.3f}")
