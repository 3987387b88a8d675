import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(11)
words = open(os.environ.get("NAMES_FILE", "names.txt")).read().split()[:9000]
T = 12
data = torch.zeros(len(words), T + 1, dtype=torch.long)
for i, w in enumerate(words):
    for j, ch in enumerate(w[: T - 1]):
        data[i, j + 1] = ord(ch) - 96
perm = torch.randperm(len(words))
train, val = data[perm[:8000]], data[perm[8000:]]


class CharGRU(nn.Module):
    def __init__(self, dim=24, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(27, dim)
        self.rnn = nn.GRU(dim, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 27)

    def forward(self, x):
        h, _ = self.rnn(self.emb(x))
        return self.out(h)


model = CharGRU()
opt = torch.optim.Adam(model.parameters(), lr=0.1)


def loss_on(batch):
    logits = model(batch[:, :-1])
    return F.cross_entropy(logits.reshape(-1, 27), batch[:, 1:].reshape(-1))


for step in range(1, 701):
    batch = train[torch.randint(0, len(train), (48,))]
    loss = loss_on(batch)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            print(f"step {step}  train {loss.item():.3f}  val {loss_on(val).item():.3f}")
