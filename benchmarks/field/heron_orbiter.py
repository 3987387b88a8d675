import torch
import torch.nn as nn

torch.manual_seed(84)
SIZES = [40, 25, 60, 7]
N = 40000
cats = torch.stack([torch.randint(0, s, (N,)) for s in SIZES], 1)
eff = [0.7 * torch.randn(s) for s in SIZES]
z = sum(e[cats[:, j]] for j, e in enumerate(eff)) - 2.0
click = (torch.rand(N) < torch.sigmoid(z)).float()


class Click(nn.Module):
    def __init__(self, d=6):
        super().__init__()
        self.wide = nn.ModuleList(nn.Embedding(s, 1) for s in SIZES)
        self.emb = nn.ModuleList(nn.Embedding(s, d) for s in SIZES)
        self.top = nn.Sequential(nn.Linear(d * 4, 24), nn.ReLU(), nn.Linear(24, 1))
        for w in self.wide:
            nn.init.zeros_(w.weight)
        for e in self.emb:
            nn.init.normal_(e.weight, std=0.3)
        nn.init.constant_(self.top[-1].bias, -1.6)

    def forward(self, c):
        lin = sum(w(c[:, j]) for j, w in enumerate(self.wide))
        return (lin + self.top(torch.cat([e(c[:, j]) for j, e in enumerate(self.emb)], 1)))[:, 0]


net = Click()
opt = torch.optim.Adagrad(net.parameters(), lr=0.05)
bce = nn.BCEWithLogitsLoss()
run = 0.0
for step, b in enumerate(torch.randperm(32000).split(64)):
    loss = bce(net(cats[b]), click[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    run = loss.item() if step == 0 else 0.98 * run + 0.02 * loss.item()
    if step % 100 == 0:
        print(step, round(run, 4))
with torch.no_grad():
    o = net(cats[32000:])
    t = click[32000:]
    rank = torch.argsort(torch.argsort(o)).float()
    auc = (rank[t > 0].mean() - (t.sum() - 1) / 2) / (t == 0).sum()
    print("test log loss %.4f (of the rate alone %.4f), auc %.4f" % (bce(o, t), bce(torch.full_like(o, torch.logit(t.mean()).item()), t), auc))
