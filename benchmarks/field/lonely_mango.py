import torch
from torch import nn
from sklearn.datasets import make_regression

torch.manual_seed(53)
X, s = make_regression(4000, 15, n_informative=8, noise=15.0, random_state=53)
X = torch.tensor(X, dtype=torch.float32)
s = torch.tensor(s, dtype=torch.float32)
cuts = torch.quantile(s, torch.tensor([0.2, 0.4, 0.6, 0.8]))
grade = torch.bucketize(s, cuts)
levels = (grade[:, None] > torch.arange(4)[None]).float()
Xtr, Ltr, Xte, gte, Lte = X[:3200], levels[:3200], X[3200:], grade[3200:], levels[3200:]


class Ordinal(nn.Module):
    def __init__(self, d, h=32):
        super().__init__()
        self.fc1 = nn.Linear(d, h)
        self.bn1 = nn.BatchNorm1d(h)
        self.fc2 = nn.Linear(h, h)
        self.bn2 = nn.BatchNorm1d(h)
        self.score = nn.Linear(h, 1, bias=False)
        self.cut = nn.Parameter(torch.tensor([1.0, 0.3, -0.3, -1.0]))

    def forward(self, x):
        x = torch.relu(self.bn1(self.fc1(x)))
        x = torch.relu(self.bn2(self.fc2(x)))
        return self.score(x) + self.cut


net = Ordinal(15)
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
lossf = nn.BCEWithLogitsLoss()
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 600)
for step in range(600):
    net.train()
    i = torch.randint(0, 3200, (128,))
    loss = lossf(net(Xtr[i]), Ltr[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 100 == 0:
        print("step", step, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    z = net(Xte)
    mae = ((z > 0).sum(1) - gte).abs().float().mean().item()
    print("final train", round(lossf(net(Xtr), Ltr).item(), 4), "test", round(lossf(z, Lte).item(), 4), "mae", round(mae, 4))
