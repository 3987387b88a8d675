import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)
names = [n.strip().lower() for n in open(os.environ["NAMES_FILE"]) if len(n.strip()) <= 11]
data = torch.full((len(names), 13), -1)
for k, n in enumerate(names):
    row = [0] + [ord(c) - 96 for c in n] + [0]
    data[k, :len(row)] = torch.tensor(row)
data = data[torch.randperm(len(data))]
dev, train = data[:2000], data[2000:]


class CharRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 32)
        self.gru = nn.GRU(32, 80, batch_first=True)
        self.out = nn.Linear(80, 27)

    def loss(self, b):
        h, _ = self.gru(self.emb(b[:, :-1].clamp(min=0)))
        return F.cross_entropy(self.out(h).flatten(0, 1), b[:, 1:].flatten(), ignore_index=-1)


m = CharRNN()
opt = torch.optim.Adam(m.parameters(), lr=4e-3)
for step in range(1200):
    loss = m.loss(train[torch.randint(0, len(train), (64,))])
    opt.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(m.parameters(), 1.0)
    opt.step()
    if step % 120 == 119:
        with torch.no_grad():
            print(f"step {step + 1} train {loss.item():.4f} dev {m.loss(dev).item():.4f} |g| {norm.item():.3f}")
