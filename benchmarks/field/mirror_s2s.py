import torch
from torch import nn, optim

torch.manual_seed(21)
SOS, N, L = 10, 11, 6


def batch(n):
    src = torch.randint(0, 10, (n, L))
    tgt = src.flip(1)
    inp = torch.cat([torch.full((n, 1), SOS), tgt[:, :-1]], 1)
    return src, inp, tgt


class Encoder(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.embedding = nn.Embedding(N, 16)
        self.gru = nn.GRU(16, h, batch_first=True)

    def forward(self, x):
        return self.gru(self.embedding(x))[1]


class Decoder(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.embedding = nn.Embedding(N, 16)
        self.gru = nn.GRU(16, h, batch_first=True)
        self.fc = nn.Linear(h, N)

    def forward(self, inp, state):
        out, _ = self.gru(self.embedding(inp), state)
        return self.fc(out)


encoder, decoder = Encoder(96), Decoder(96)
enc_opt = optim.Adam(encoder.parameters(), lr=4e-3)
dec_opt = optim.Adam(decoder.parameters(), lr=4e-3)
criterion = nn.CrossEntropyLoss()

for i in range(800):
    src, inp, tgt = batch(48)
    enc_opt.zero_grad()
    dec_opt.zero_grad()
    context = encoder(src)
    logits = decoder(inp, context)
    loss = criterion(logits.flatten(0, 1), tgt.flatten())
    loss.backward()
    nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
    nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
    enc_opt.step()
    dec_opt.step()
    if (i + 1) % 100 == 0:
        print(i + 1, loss.item())

src, inp, tgt = batch(500)
with torch.no_grad():
    acc = (decoder(inp, encoder(src)).argmax(-1) == tgt).float().mean()
print("token accuracy %.3f" % acc.item())
