import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(71)


def load(path, k=3, limit=12000):
    xs, ys = [], []
    names = open(path).read().split()
    for i in torch.randperm(len(names))[:limit].tolist():
        ctx = [0] * k
        for c in list(names[i]) + [None]:
            t = 0 if c is None else ord(c) - 96
            xs.append(ctx)
            ys.append(t)
            ctx = ctx[1:] + [t]
    return torch.tensor(xs), torch.tensor(ys)


x, y = load(os.environ.get("NAMES_FILE", "names.txt"))
n = int(0.9 * len(x))
cfg = dict(batch=8192, epochs=20, lr=1e-3)


class NGram(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(27, 16)
        self.l1 = nn.Linear(48, 128)
        self.l2 = nn.Linear(128, 27)

    def forward(self, i):
        return self.l2(F.gelu(self.l1(self.e(i).view(len(i), -1))))


model = NGram()
opt = torch.optim.AdamW(model.parameters(), lr=cfg["lr"])
for ep in range(cfg["epochs"]):
    for k, b in enumerate(torch.randperm(n).split(cfg["batch"])):
        loss = F.cross_entropy(model(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        print(f"epoch {ep + 1} loss {loss.item():.4f} val {F.cross_entropy(model(x[n:]), y[n:]).item():.4f}")
