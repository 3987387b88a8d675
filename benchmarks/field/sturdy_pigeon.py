import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(75)
names = open(os.environ["NAMES_FILE"]).read().split()
pairs = []
for w in names[:9000]:
    s = [0, 0] + [ord(c) - 96 for c in w] + [0]
    pairs += [(s[i], s[i + 1], s[i + 2]) for i in range(len(s) - 2)]
P = torch.tensor(pairs)[torch.randperm(len(pairs))]
cut = int(0.9 * len(P))
train, test = P[:cut], P[cut:]


class Tiny(nn.Module):
    def __init__(self, e=16, h=128):
        super().__init__()
        self.emb = nn.Embedding(27, e)
        self.fc = nn.Linear(2 * e, h)
        self.out = nn.Linear(h, 27)

    def forward(self, x):
        return self.out(torch.tanh(self.fc(self.emb(x).flatten(1))))


def ce(rows):
    return F.cross_entropy(model(rows[:, :2]), rows[:, 2])


model = Tiny()
opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
bs = cut
EPOCHS = 50
for epoch in range(EPOCHS):
    for rows in train[torch.randperm(cut)].split(bs):
        loss = ce(rows)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 0:
        print("epoch", epoch, f"{loss.item():.4f}")
with torch.no_grad():
    print(f"final train {ce(train).item():.4f} test {ce(test).item():.4f}")
