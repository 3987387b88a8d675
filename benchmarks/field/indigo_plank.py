import os, torch
from torch import nn
torch.manual_seed(107)
names = open(os.environ['NAMES_FILE']).read().split()
names = [names[i] for i in torch.randperm(len(names))[:9000].tolist()]
T = 11
data = torch.zeros(len(names), T + 1, dtype=torch.long)
for i, n in enumerate(names):
    for j, c in enumerate((n + '{')[:T]):
        data[i, j + 1] = ord(c) - 96


class TiedLSTM(nn.Module):
    def __init__(self, v=28, d=64):
        super().__init__()
        self.emb = nn.Embedding(v, d)
        nn.init.normal_(self.emb.weight, std=0.1)
        self.lstm = nn.LSTM(d, d, batch_first=True)
        self.bias = nn.Parameter(torch.zeros(v))

    def forward(self, x):
        return self.lstm(self.emb(x))[0] @ self.emb.weight.T + self.bias


net = TiedLSTM()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
lf = nn.CrossEntropyLoss(ignore_index=0)
for step in range(450):
    opt.zero_grad()
    for micro in range(2):
        b = data[torch.randint(0, 8000, (32,))]
        loss = lf(net(b[:, :-1]).flatten(0, 1), b[:, 1:].flatten()) / 2
        loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
with torch.no_grad():
    e = lambda b: lf(net(b[:, :-1]).flatten(0, 1), b[:, 1:].flatten()).item()
    print('train', e(data[:3000]), 'held-out', e(data[8000:]))
