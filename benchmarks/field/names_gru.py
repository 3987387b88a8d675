import torch
import torch.nn as nn

torch.manual_seed(64)
words = open('data/names.txt').read().split()
chars = '.' + ''.join(sorted(set(''.join(words))))
L = 10
enc = lambda w: ([0] + [chars.index(c) for c in w] + [0] * L)[:L + 1]
data = torch.tensor([enc(w) for w in words])
data = data[torch.randperm(len(data))][:12000]
train, val = data[:11000], data[11000:]

class GRULM(nn.Module):
    def __init__(self, h=48):
        super().__init__()
        self.emb = nn.Embedding(len(chars), 16)
        self.gru = nn.GRU(16, h, batch_first=True)
        self.out = nn.Linear(h, len(chars))
    def forward(self, x):
        return self.out(self.gru(self.emb(x))[0])

def nll(b):
    logits = model(b[:, :-1])
    return nn.functional.cross_entropy(logits.reshape(-1, len(chars)), b[:, 1:].reshape(-1))

model = GRULM()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
batch_size = 1100
step = 0
for epoch in range(25):
    for b in train[torch.randperm(len(train))].split(batch_size):
        optimizer.zero_grad()
        loss = nll(b)
        loss.backward()
        optimizer.step()
        step += 1
    with torch.no_grad():
        print(f'epoch {epoch} step {step} train {loss.item():.4f} val {nll(val).item():.4f}')
