import os
import torch
from torch import nn

torch.manual_seed(103)
names = open(os.environ.get("NAMES_FILE", "names.txt")).read().split()
names = [names[i] for i in torch.randperm(len(names))[:16000].tolist()]
T = 11
data = torch.zeros(len(names), T + 1, dtype=torch.long)
for i, w in enumerate(names):
    t = [ord(c) - 96 for c in w[: T - 1]]
    data[i, 1: len(t) + 1] = torch.tensor(t)
train, val = data[:15000], data[15000:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(27, 24)
        self.g = nn.GRU(24, 64, batch_first=True)
        self.o = nn.Linear(64, 27)

    def forward(self, x):
        return self.o(self.g(self.e(x))[0])


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
crit = nn.CrossEntropyLoss()
ACCUM = 4
micro = 0
for epoch in range(2):
    for b in torch.randperm(len(train)).split(16):
        x = train[b]
        loss = crit(net(x[:, :-1]).flatten(0, 1), x[:, 1:].flatten()) / ACCUM
        loss.backward()
        micro += 1
        if micro % ACCUM == 0:
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()
            opt.zero_grad()
        if micro % 300 == 0:
            with torch.no_grad():
                v = crit(net(val[:, :-1]).flatten(0, 1), val[:, 1:].flatten())
            print(f"micro {micro} loss {loss.item() * ACCUM:.4f} val {v.item():.4f}")
