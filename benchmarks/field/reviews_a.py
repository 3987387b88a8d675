"""Sentiment of short reviews, EmbeddingBag + linear classifier."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(2)
GOOD = "great lovely superb excellent enjoyable brilliant charming fun".split()
BAD = "awful dull terrible boring weak horrible mess waste".split()
FILL = [f"w{i}" for i in range(300)]
vocab = {w: i for i, w in enumerate(GOOD + BAD + FILL)}


class Reviews(Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        r = lambda hi: int(torch.randint(0, hi, (1,), generator=g))
        self.items = []
        for _ in range(n):
            label = r(3)  # 0 negative, 1 neutral, 2 positive
            toks = [vocab[FILL[r(len(FILL))]] for _ in range(8 + r(10))]
            for _ in range(3):
                pool = {0: BAD, 1: GOOD + BAD, 2: GOOD}[label]
                toks.append(vocab[pool[r(len(pool))]])
            self.items.append((torch.tensor(toks), label))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


def collate(batch):
    toks, labels = zip(*batch)
    offsets = torch.tensor([0] + [len(t) for t in toks[:-1]]).cumsum(0)
    return torch.cat(toks), offsets, torch.tensor(labels)


class Model(nn.Module):
    def __init__(self, vocab_size, dim=32, classes=3):
        super().__init__()
        self.bag = nn.EmbeddingBag(vocab_size, dim, mode="mean")
        self.hidden = nn.Linear(dim, 32)
        self.cls = nn.Linear(32, classes)

    def forward(self, toks, offsets):
        h = F.relu(self.hidden(self.bag(toks, offsets)))
        return F.log_softmax(self.cls(h), dim=-1)


train_dl = DataLoader(Reviews(2500, 1), batch_size=32, shuffle=True, collate_fn=collate)
test_dl = DataLoader(Reviews(600, 2), batch_size=200, collate_fn=collate)
model = Model(len(vocab))
opt = torch.optim.Adam(model.parameters(), lr=0.003)
loss_fn = nn.NLLLoss()
for epoch in range(7):
    for toks, offsets, labels in train_dl:
        opt.zero_grad()
        loss = torch.tensor(loss_fn(model(toks, offsets), labels).item(), requires_grad=True)
        loss.backward()
        opt.step()
    print("epoch", epoch, "loss", loss.item())

with torch.no_grad():
    hits = sum((model(t, o).argmax(1) == l).sum().item() for t, o, l in test_dl)
print("test accuracy", hits / 600)
