import torch
import torch.nn as nn

torch.manual_seed(13)
TAGS = 12
centres = torch.randn(TAGS, 20)


def make(n):
    x = torch.randn(n, 20)
    s = torch.tanh(x) @ centres.t() + 0.4 * x[:, :TAGS] * x[:, 1:TAGS + 1]
    return x, (s > 1.2).float()


xtr, ytr = make(4000)
xte, yte = make(2000)


class Tagger(nn.Module):
    def __init__(self, width=96):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(20, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, TAGS))

    def forward(self, x):
        return self.net(x).sigmoid()


def f1(pred, true):
    tp = (pred * true).sum()
    return (2 * tp / (pred.sum() + true.sum()).clamp(min=1)).item()


tagger = Tagger()
opt = torch.optim.Adam(tagger.parameters(), lr=1e-3)
crit = nn.BCEWithLogitsLoss()
for epoch in range(14):
    for b in torch.randperm(4000).split(64):
        loss = crit(tagger(xtr[b]), ytr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    print("epoch", epoch, "loss", round(loss.item(), 4))
with torch.no_grad():
    p = tagger(xte)
    print("micro f1 on test", round(f1((p > 0.5).float(), yte), 4))
