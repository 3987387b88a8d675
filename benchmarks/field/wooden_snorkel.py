import os
import torch
from torch import nn

torch.manual_seed(31)
ALPH = ".abcdefghijklmnopqrstuvwxyz"
names = open(os.environ.get("NAMES_FILE", "names.txt")).read().split()
sel = torch.randperm(len(names))[:4000].tolist()
names = [names[i] for i in sel]


def encode(w, T=11):
    ids = [0] + [ALPH.index(c) for c in w][: T - 1]
    return ids + [0] * (T + 1 - len(ids))


data = torch.tensor([encode(w) for w in names])
train_data, val_data = data[:3500], data[3500:]


class NameLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(27, 32)
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.head = nn.Sequential(nn.Linear(64, 27), nn.Softmax(dim=-1))

    def forward(self, x):
        return self.head(self.lstm(self.embed(x))[0])


class Trainer:
    def __init__(self, model, lr=4e-3):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.crit = nn.CrossEntropyLoss()

    def loss(self, batch):
        out = self.model(batch[:, :-1])
        return self.crit(out.flatten(0, 1), batch[:, 1:].flatten())

    def fit(self, epochs):
        for e in range(epochs):
            losses = []
            for b in torch.randperm(len(train_data)).split(50):
                self.opt.zero_grad()
                l = self.loss(train_data[b])
                l.backward()
                self.opt.step()
                losses.append(l.item())
            with torch.no_grad():
                v = self.loss(val_data).item()
            print(f"epoch {e}: {sum(losses) / len(losses):.3f} val {v:.3f}")


Trainer(NameLSTM()).fit(10)
