import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(6)
names = [w for w in open('data/names.txt').read().split() if len(w) <= 10]
perm = torch.randperm(len(names)).tolist()
names = [names[i] for i in perm[:6000]]
enc = torch.zeros(len(names), 12, dtype=torch.long)
for i, w in enumerate(names):
    for j, c in enumerate(w):
        enc[i, j + 1] = ord(c) - 96


class CharLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 16)
        self.lstm = nn.LSTM(16, 64, batch_first=True)
        self.fc = nn.Linear(64, 27)

    def forward(self, x):
        h, _ = self.lstm(self.emb(x))
        return F.softmax(self.fc(h), dim=-1)


model = CharLSTM()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)


def step_loss(b):
    out = model(b[:, :-1])
    return F.cross_entropy(out.reshape(-1, 27), b[:, 1:].reshape(-1))


for it in range(500):
    batch = enc[torch.randint(0, 5500, (50,))]
    loss = step_loss(batch)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        print(it, f'{loss.item():.4f}')
with torch.no_grad():
    print('held-out', f'{step_loss(enc[5500:]).item():.4f}')
