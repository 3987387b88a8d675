import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(10)
rs = np.random.RandomState(10)
X = rs.randn(700 + 1500, 30).astype("float32")
logit = X[:, 0] + X[:, 1] * X[:, 2] + 0.8 * X[:, 3] - 0.6 * X[:, 4]
Y = (logit + 1.0 * rs.randn(len(X)) > 0).astype("float32")
X, Y = torch.from_numpy(X), torch.from_numpy(Y)
fit_x, fit_y, hold_x, hold_y = X[:700], Y[:700], X[700:], Y[700:]


class Dropped(nn.Module):
    def __init__(self):
        super().__init__()
        self.seq = nn.Sequential(
            nn.Linear(30, 128), nn.ReLU(), nn.Dropout(0.6),
            nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 1))

    def forward(self, x):
        return self.seq(x).squeeze(-1)


def report(model, tag):
    model.eval()
    with torch.no_grad():
        z = model(hold_x)
        print(tag, "held-out loss %.4f accuracy %.4f" % (nn.functional.binary_cross_entropy_with_logits(z, hold_y), ((z > 0).float() == hold_y).float().mean()))


model = Dropped()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
report(model, "start")
for epoch in range(1, 26):
    for b in torch.randperm(700).split(20):
        loss = nn.functional.binary_cross_entropy_with_logits(model(fit_x[b]), fit_y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 0:
        report(model, epoch)
