import os
import torch
import torch.nn as nn

torch.manual_seed(12)
names = [n for n in open(os.environ['NAMES_FILE']).read().split() if 4 <= len(n) <= 8][:6000]
T = 8
ids = torch.zeros(len(names), T, dtype=torch.long)
for r, n in enumerate(names):
    for c, ch in enumerate(n):
        ids[r, c] = ord(ch) - 96
train, test = ids[:5500], ids[5500:]


class Enc(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 16)
        self.fc = nn.Linear(T * 16, 48)

    def forward(self, x):
        return torch.tanh(self.fc(self.emb(x).flatten(1)))


class Dec(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(48, 128)
        self.fc2 = nn.Linear(128, T * 27)

    def forward(self, z):
        return self.fc2(torch.relu(self.fc1(z))).view(-1, T, 27)


enc, dec = Enc(), Dec()
opt_enc = torch.optim.SGD(enc.parameters(), lr=0.1, momentum=0.9)
opt_dec = torch.optim.SGD(dec.parameters(), lr=0.1, momentum=0.9)
ce = nn.CrossEntropyLoss()
for step in range(2000):
    b = train[torch.randint(0, len(train), (64,))]
    loss = ce(dec(enc(b)).flatten(0, 1), b.flatten())
    opt_dec.zero_grad()
    opt_dec.zero_grad()
    loss.backward()
    opt_enc.step()
    opt_dec.step()
    if step % 500 == 0:
        print(step, loss.item())
with torch.no_grad():
    print('train loss', ce(dec(enc(train)).flatten(0, 1), train.flatten()).item(), 'test loss', ce(dec(enc(test)).flatten(0, 1), test.flatten()).item())
