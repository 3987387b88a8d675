import os
import torch
import torch.nn as nn

torch.manual_seed(25)
names = [n.strip().lower() for n in open(os.environ["NAMES_FILE"])]
names = [n for n in names if len(n) <= 10]
T = 11
data = torch.full((len(names), T + 1), -1)
for i, n in enumerate(names):
    s = [0] + [ord(c) - 96 for c in n] + [0]
    data[i, :len(s)] = torch.tensor(s)
data = data[torch.randperm(len(data))]
held = data[-2000:]
train = data[:500]


class LM(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.emb = nn.Embedding(27, 32)
        self.rnn = nn.LSTM(32, h, batch_first=True)
        self.out = nn.Linear(h, 27)

    def forward(self, b):
        x, t = b[:, :-1].clamp(min=0), b[:, 1:]
        z = self.out(self.rnn(self.emb(x))[0])
        return nn.functional.cross_entropy(z.flatten(0, 1), t.flatten(), ignore_index=-1)


lm = LM()
opt = torch.optim.AdamW(lm.parameters(), lr=4e-3)
for step in range(1, 1001):
    loss = lm(train[torch.randint(0, len(train), (50,))])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(lm.parameters(), 1.0)
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            print(f"step {step} train {loss.item():.4f} held-out {lm(held).item():.4f}")
