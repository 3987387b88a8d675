import copy
import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(46)
raw = load_digits()
x = torch.from_numpy(raw.data).float() / 16
y = torch.from_numpy(raw.target)
o = torch.randperm(1797)
x, y = x[o], y[o]
labelled, unlabelled, test = slice(0, 400), slice(400, 1400), slice(1400, 1797)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.n1 = nn.Linear(64, 128, bias=False), nn.BatchNorm1d(128)
        self.l2, self.n2 = nn.Linear(128, 64, bias=False), nn.BatchNorm1d(64)
        self.l3 = nn.Linear(64, 10)

    def forward(self, v):
        v = F.relu(self.n1(self.l1(v)))
        return self.l3(F.relu(self.n2(self.l2(v))))


def strong(v):
    """brightness and contrast changes plus noise"""
    return v * (1 + 3 * torch.rand(len(v), 1)) + 2.0 + 0.5 * torch.randn_like(v)


model = Model()
optimizer = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-4)
for it in range(1, 1501):
    model.train()
    li = torch.randint(0, 400, (32,))
    ui = torch.randint(400, 1400, (64,))
    sup = F.cross_entropy(model(x[li]), y[li])
    with torch.no_grad():
        target = model(x[ui]).softmax(1)
    for _ in range(2):
        cons = F.kl_div(F.log_softmax(model(strong(x[ui])), 1), target, reduction="batchmean")
    loss = sup + 0.3 * cons
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 250 == 0:
        model.eval()
        with torch.no_grad():
            out = model(x[test])
        print(it, f"sup {sup.item():.4f} cons {cons.item():.4f} test loss {F.cross_entropy(out, y[test]).item():.4f} test acc {(out.argmax(1) == y[test]).float().mean().item():.4f}")
