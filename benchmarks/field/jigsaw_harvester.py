import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader

torch.manual_seed(48)
rs = np.random.RandomState(48)
VOC, TAGS = 200, 6
affinity = rs.rand(VOC, TAGS) < 0.08
docs = rs.randint(0, VOC, (3000, 15))
tags = affinity[docs].sum(1) >= 2
docs, tags = torch.tensor(docs), torch.tensor(tags).float()


class Docs(torch.utils.data.Dataset):
    def __init__(self, a, b):
        self.ids = list(range(a, b))

    def __len__(self):
        return len(self.ids)

    def __getitem__(self, k):
        return docs[self.ids[k]], tags[np.random.choice(self.ids)]


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(VOC, 24)
        self.f = nn.Sequential(nn.Linear(24, 48), nn.ReLU(), nn.Linear(48, TAGS))

    def forward(self, d):
        return self.f(self.e(d).sum(1))


np.random.seed(1)
model = Tagger()
opt = torch.optim.Adagrad(model.parameters(), lr=0.05)
bce = nn.BCEWithLogitsLoss()
for epoch in range(14):
    tot = []
    for d, t in DataLoader(Docs(0, 2500), batch_size=64, shuffle=True):
        loss = bce(model(d), t)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot.append(loss.item())
    with torch.no_grad():
        print(epoch, "train", round(np.mean(tot), 4), "test", round(bce(model(docs[2500:]), tags[2500:]).item(), 4))
