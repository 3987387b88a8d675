import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence

torch.manual_seed(34)
POS, NEG = set(range(2, 12)), set(range(12, 22))


def review():
    n = int(torch.randint(8, 25, (1,)))
    lean = 0.4 if torch.rand(1) < 0.5 else -0.4
    w = []
    for _ in range(n):
        u = torch.rand(1).item()
        if u < 0.4:
            w.append(int(torch.randint(22, 60, (1,))))
        elif u < 0.7 + 0.3 * lean:
            w.append(int(torch.randint(2, 12, (1,))))
        else:
            w.append(int(torch.randint(12, 22, (1,))))
    s = sum(t in POS for t in w) - sum(t in NEG for t in w)
    return torch.tensor(w), float(s > 0)


data = [review() for _ in range(2600)]
X = pad_sequence([d[0] for d in data], batch_first=True)
X = torch.flip(X, [1])
y = torch.tensor([d[1] for d in data])


class Sentiment(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(60, 16, padding_idx=0)
        self.gru = nn.GRU(16, 24)
        self.fc = nn.Linear(24, 1)

    def forward(self, t):
        out, _ = self.gru(self.emb(t))
        return self.fc(out[:, 0]).squeeze(1)


net = Sentiment()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
lossf = nn.BCEWithLogitsLoss()
for epoch in range(10):
    tot = 0
    for b in torch.randperm(2000).split(50):
        loss = lossf(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    print("epoch", epoch, "loss", round(tot / 40, 4))
with torch.no_grad():
    print("test accuracy", ((net(X[2000:]) > 0).float() == y[2000:]).float().mean().item())
