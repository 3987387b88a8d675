import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_classification

torch.manual_seed(59)
X, y = make_classification(5000, 25, n_informative=12, n_classes=5, class_sep=1.5, random_state=59)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y)
tr, va = (X[:4000], y[:4000]), (X[4000:], y[4000:])
BN_MOMENTUM = 0.0005


class Block(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.lin = nn.Linear(i, o, bias=False)
        self.bn = nn.BatchNorm1d(o, momentum=BN_MOMENTUM)

    def forward(self, x):
        return F.leaky_relu(self.bn(self.lin(x)), 0.1)


model = nn.Sequential(Block(25, 96), Block(96, 96), Block(96, 96), nn.Linear(96, 5))
opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 12)


@torch.no_grad()
def validate():
    model.eval()
    out = model(va[0])
    return F.cross_entropy(out, va[1]).item(), (out.argmax(1) == va[1]).float().mean().item()


for epoch in range(12):
    model.train()
    tot = 0.0
    for i in torch.randperm(4000).split(80):
        loss = F.cross_entropy(model(tr[0][i]), tr[1][i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(i)
    sched.step()
    vl, va_acc = validate()
    print(f"epoch {epoch} train {tot / 4000:.4f} val {vl:.4f} acc {va_acc:.4f}")
print(f"final train {tot / 4000:.4f} val {vl:.4f} acc {va_acc:.4f}")
