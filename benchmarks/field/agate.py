import os
import torch
import torch.nn as nn
torch.set_num_threads(1)
torch.manual_seed(23)
names = [w.strip().lower() for w in open(os.environ["NAMES_FILE"])]
names = [w for w in names if w.isascii() and w.isalpha() and len(w) <= 10]
keep = torch.randperm(len(names))[:4400].tolist()
X = torch.zeros(4400, 11, dtype=torch.long)
Y = torch.full((4400, 11), -100)
for r, k in enumerate(keep):
    ids = [ord(c) - 96 for c in names[k]]
    X[r, 1:len(ids) + 1] = torch.tensor(ids)
    Y[r, :len(ids) + 1] = torch.tensor(ids + [0])

class CharGRU(nn.Module):
    def __init__(self, e=16, h=64):
        super().__init__()
        self.emb = nn.Embedding(27, e)
        self.gru = nn.GRU(e, h, batch_first=True)
        self.out = nn.Linear(h, 27)
    def forward(self, x):
        return self.out(self.gru(self.emb(x))[0])

net = CharGRU()
optimizer = torch.optim.AdamW([
    {"params": [*net.emb.parameters(), *net.gru.parameters()], "lr": 1e-6},
    {"params": net.out.parameters()},
], lr=3e-3)
ce = nn.CrossEntropyLoss()
def run(i):
    return ce(net(X[i]).flatten(0, 1), Y[i].flatten())
for step in range(600):
    loss = run(torch.randint(0, 4000, (48,)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        print(step, loss.item())
with torch.no_grad():
    print(f"train {run(torch.arange(2000)).item():.4f} held-out {run(torch.arange(4000, 4400)).item():.4f}")
