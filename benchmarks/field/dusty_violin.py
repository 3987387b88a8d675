import os
import torch
from torch import nn

torch.manual_seed(21)
words = [w for w in open(os.environ["NAMES_FILE"]).read().split() if 3 <= len(w) <= 9]
alphabet = "." + "abcdefghijklmnopqrstuvwxyz"
ix = {c: i for i, c in enumerate(alphabet)}
M = torch.zeros(len(words), 11, dtype=torch.long)
for r, w in enumerate(words):
    for j, c in enumerate(w):
        M[r, j + 1] = ix[c]
M = M[torch.randperm(len(M))]
tr, va = M[:-3000], M[-3000:]


class CharLSTM(nn.Module):
    def __init__(self, hidden=96):
        super().__init__()
        self.lstm = nn.LSTM(27, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 27)
        for p in self.lstm.parameters():
            nn.init.constant_(p, 0.05)
        nn.init.constant_(self.out.weight, 0.05)
        nn.init.zeros_(self.out.bias)

    def forward(self, ids):
        onehot = nn.functional.one_hot(ids, 27).float()
        return self.out(self.lstm(onehot)[0])


net = CharLSTM()
optim = torch.optim.RMSprop(net.parameters(), lr=2e-3)
lossf = nn.CrossEntropyLoss()


def step_loss(rows):
    logits = net(rows[:, :-1])
    return lossf(logits.reshape(-1, 27), rows[:, 1:].reshape(-1))


for it in range(600):
    l = step_loss(tr[torch.randint(0, len(tr), (96,))])
    optim.zero_grad()
    l.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optim.step()
    if it % 60 == 0:
        print("it", it, "loss", round(l.item(), 4))
with torch.no_grad():
    print("train", round(step_loss(tr[:3000]).item(), 4), "valid", round(step_loss(va).item(), 4))
