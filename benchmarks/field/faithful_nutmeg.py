import copy
import torch
from torch import nn

torch.manual_seed(143)
n = 4000
X = torch.randn(n, 12)
logit = 2 * X[:, 0] * X[:, 1] + 1.5 * X[:, 2] - X[:, 3].abs() + 0.7
Y = (torch.rand(n) < torch.sigmoid(2 * logit)).float()
Xt, Yt, Xv, Yv, Xs, Ys = X[:2400], Y[:2400], X[2400:3200], Y[2400:3200], X[3200:], Y[3200:]


class EarlyStopping:
    def __init__(self, patience):
        self.patience, self.best, self.bad, self.state = patience, float("inf"), 0, None

    def update(self, v, model):
        if v < self.best - 1e-4:
            self.best, self.bad = v, 0
            self.state = copy.deepcopy(model.state_dict())
        else:
            self.bad += 1
        return self.bad >= self.patience


net = nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Dropout(0.2), nn.Linear(48, 24), nn.ReLU(), nn.Linear(24, 1))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
bce = nn.BCEWithLogitsLoss()
stop = EarlyStopping(patience=6)
for epoch in range(100):
    net.train()
    tot = 0.0
    for b in torch.randperm(2400).split(40):
        loss = bce(net(Xt[b])[:, 0], Yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 60
    net.eval()
    with torch.no_grad():
        v = bce(net(Xv)[:, 0], Yv).item()
    print(f"epoch {epoch + 1} train {tot:.4f} val {v:.4f}")
    if stop.update(v, net):
        print("stopping")
        break
net.load_state_dict(stop.state)
with torch.no_grad():
    z = net(Xs)[:, 0]
    print(f"test {bce(z, Ys).item():.4f} acc {((z > 0) == (Ys > 0)).float().mean().item():.4f} bayes acc {((logit[3200:] > 0) == (Ys > 0)).float().mean().item():.4f}")
