import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(55)
names = open(os.environ.get("NAMES_FILE", "names.txt")).read().split()
names = [names[i] for i in torch.randperm(len(names))[:5000].tolist()]
T = 10
ids = torch.zeros(len(names), T + 1, dtype=torch.long)
for r, w in enumerate(names):
    for k, ch in enumerate(w[: T - 1]):
        ids[r, k + 1] = ord(ch) - ord("a") + 1
train, test = ids[:4500], ids[4500:]

emb = nn.Embedding(27, 16)
gru = nn.GRU(16, 64, batch_first=True)
head = nn.Linear(64, 27)
optimizer = torch.optim.Adam([
    {"params": head.parameters(), "lr": 3.0},
    {"params": list(gru.parameters()) + list(emb.parameters()), "lr": 0.003},
])


def step_loss(b):
    h, _ = gru(emb(b[:, :-1]))
    return F.cross_entropy(head(h).transpose(1, 2), b[:, 1:])


for epoch in range(6):
    tot, n = 0.0, 0
    for b in torch.randperm(4500).split(45):
        optimizer.zero_grad()
        loss = step_loss(train[b])
        loss.backward()
        optimizer.step()
        tot += loss.item()
        n += 1
    with torch.no_grad():
        print(f"epoch {epoch + 1}, train {tot / n:.4f}, test {step_loss(test).item():.4f}")
