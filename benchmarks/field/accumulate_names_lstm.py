import torch
import torch.nn as nn

torch.manual_seed(313)
words = open('data/names.txt').read().split()
order = torch.randperm(len(words)).tolist()
data = torch.zeros(8000, 12, dtype=torch.long)
for r in range(8000):
    for k, c in enumerate(words[order[r]][:10]):
        data[r, k + 1] = ord(c) - 96


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 16)
        self.lstm = nn.LSTM(16, 64, batch_first=True)
        self.out = nn.Linear(64, 27)

    def forward(self, t):
        return self.out(self.lstm(self.emb(t))[0])


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
crit = nn.CrossEntropyLoss()
accum = 4
opt.zero_grad()
for micro in range(1600):
    t = data[torch.randint(0, 7200, (16,))]
    loss = crit(net(t[:, :-1]).flatten(0, 1), t[:, 1:].flatten())
    (loss / accum).backward()
    if (micro + 1) % accum == 0:
        opt.step()
        opt.zero_grad()
    if micro % 160 == 0:
        print(micro, round(loss.item(), 4))
with torch.no_grad():
    t = data[7200:]
    print('dev', round(crit(net(t[:, :-1]).flatten(0, 1), t[:, 1:].flatten()).item(), 4))
