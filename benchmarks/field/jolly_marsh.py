import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class SparseCoder(nn.Module):
    """Thresholded code; one decoder for the picture, one for the class."""

    def __init__(self, n_code=96, threshold=6.0):
        super().__init__()
        self.enc = nn.Linear(64, n_code)
        self.hid = nn.Linear(n_code, n_code)
        self.pic = nn.Linear(n_code, 64)
        self.cls = nn.Linear(n_code, 10)
        nn.init.kaiming_normal_(self.enc.weight)
        nn.init.kaiming_normal_(self.hid.weight)
        self.threshold = threshold

    def forward(self, x):
        c = F.relu(self.enc(x) - self.threshold)
        c = F.relu(self.hid(c))
        return self.pic(c), self.cls(c)


torch.manual_seed(27)
ds = load_digits()
X = torch.tensor(ds.data).float() / 16
X = (X - X.mean(0)) / (X.std(0) + 0.05)
Y = torch.tensor(ds.target)
order = torch.randperm(len(X))
tr, va = order[:1400], order[1400:]
model = SparseCoder()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)


def losses(i):
    pic, cls = model(X[i])
    return F.mse_loss(pic, X[i]), F.cross_entropy(cls, Y[i]), (cls.argmax(1) == Y[i]).float().mean()


for epoch in range(40):
    for i in tr[torch.randperm(len(tr))].split(28):
        rec, ce, _ = losses(i)
        loss = rec + 0.5 * ce
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            rec, ce, acc = losses(va)
            print(f"epoch {epoch + 1} loss {loss.item():.4f} valid rec {rec.item():.4f} ce {ce.item():.4f} acc {acc.item():.4f}")
