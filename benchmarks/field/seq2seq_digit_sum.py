import torch
import torch.nn as nn

torch.manual_seed(47)


class Encoder(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.emb = nn.Embedding(11, 16)
        self.gru = nn.GRU(16, h, batch_first=True)

    def forward(self, x):
        return self.gru(self.emb(x))[1]


class Decoder(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.emb = nn.Embedding(11, 16)
        self.gru = nn.GRU(16, h, batch_first=True)
        self.out = nn.Linear(h, 10)

    def forward(self, prev, h):
        return self.out(self.gru(self.emb(prev), h)[0])


def make(n):
    a, b = torch.randint(0, 50, (n,)), torch.randint(0, 50, (n,))
    s = a + b
    x = torch.stack([a // 10, a % 10, torch.full_like(a, 10), b // 10, b % 10], 1)
    return x, torch.stack([s // 10, s % 10], 1)


enc, dec = Encoder(64), Decoder(64)
opt = torch.optim.Adam(list(enc.parameters()) + list(dec.parameters()), lr=4e-3)


def loss_on(x, y):
    context = enc(x).detach()
    prev = torch.cat([torch.full((len(y), 1), 10), y[:, :-1]], 1)
    return nn.functional.cross_entropy(dec(prev, context).flatten(0, 1), y.flatten())


for step in range(900):
    loss = loss_on(*make(64))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print('step', step, 'loss', f'{loss.item():.4f}')
with torch.no_grad():
    print('test loss', f'{loss_on(*make(1000)).item():.4f}')
