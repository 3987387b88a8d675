import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(99)
names = open(os.environ["NAMES_FILE"]).read().split()
idx = torch.randperm(len(names)).tolist()
N_TRAIN = 400


def encode(ws, T=13):
    out = torch.full((len(ws), T), -1)
    for r, w in enumerate(ws):
        ids = [0] + [ord(c) - 96 for c in w[:T - 2]] + [0]
        out[r, :len(ids)] = torch.tensor(ids)
    return out


train = encode([names[i] for i in idx[:N_TRAIN]])
valid = encode([names[i] for i in idx[-1500:]])


class Model(nn.Module):
    def __init__(self, e=24, h=128):
        super().__init__()
        self.emb = nn.Embedding(27, e)
        self.lstm = nn.LSTM(e, h, batch_first=True)
        self.out = nn.Linear(h, 27)

    def forward(self, x):
        return self.out(self.lstm(self.emb(x.clamp(min=0)))[0])


def nll(rows):
    return F.cross_entropy(model(rows[:, :-1]).transpose(1, 2), rows[:, 1:], ignore_index=-1)


model = Model()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for step in range(700):
    batch = train[torch.randint(0, len(train), (50,))]
    loss = nll(batch)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        with torch.no_grad():
            v = nll(valid).item()
        print(f"step {step} train {loss.item():.4f} valid {v:.4f}")
with torch.no_grad():
    print(f"final train {nll(train[:1500]).item():.4f} valid {nll(valid).item():.4f}")
