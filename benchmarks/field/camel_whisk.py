import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(80)
L = 5
words = sorted({w.strip().lower()[:L] for w in open(os.environ["NAMES_FILE"]) if len(w.strip()) >= L})
src = torch.tensor([[ord(c) - 96 for c in w] for w in words])
src = src[torch.randperm(len(src))]
tgt = src.flip(1)


class Encoder(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.emb = nn.Embedding(27, 24)
        self.rnn = nn.LSTM(24, h, batch_first=True)

    def forward(self, s):
        return self.rnn(self.emb(s))[1]


class Decoder(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.emb = nn.Embedding(27, 24)
        self.rnn = nn.LSTM(24, h, batch_first=True)
        self.out = nn.Linear(h, 27)

    def forward(self, t, state):
        shifted = F.pad(t[:, :-1], (1, 0))
        return self.out(self.rnn(self.emb(shifted), state)[0])


encoder, decoder = Encoder(32), Decoder(32)
optimizer = torch.optim.Adam(decoder.parameters(), lr=6e-3)
for step in range(1100):
    i = torch.randint(1000, len(src), (64,))
    logits = decoder(tgt[i], encoder(src[i]))
    loss = F.cross_entropy(logits.transpose(1, 2), tgt[i])
    encoder.zero_grad()
    decoder.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 110 == 109:
        with torch.no_grad():
            o = decoder(tgt[:1000], encoder(src[:1000]))
        print(f"step {step + 1} loss {loss.item():.4f} test {F.cross_entropy(o.transpose(1, 2), tgt[:1000]).item():.4f} letters {(o.argmax(-1) == tgt[:1000]).float().mean().item():.4f}")
