import torch, torch.nn as nn
from sklearn.datasets import make_classification
torch.manual_seed(3)
X, y = make_classification(6000, 20, n_informative=12, n_classes=5, n_clusters_per_class=2, class_sep=1.6, random_state=3)
X = (X - X.mean(0)) / X.std(0)
X, y = torch.tensor(X).float(), torch.tensor(y)
net = nn.Sequential(nn.Linear(20, 128), nn.LayerNorm(128), nn.SiLU(), nn.Dropout(0.1), nn.Linear(128, 128), nn.LayerNorm(128), nn.SiLU(), nn.Linear(128, 5))
decay = [p for p in net.parameters() if p.ndim > 1]
rest = [p for p in net.parameters() if p.ndim <= 1]
opt = torch.optim.AdamW([{"params": decay, "weight_decay": 0.05}, {"params": rest, "weight_decay": 0.0}], lr=2e-3)
steps = 700
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 3e-3, total_steps=steps)
lf = nn.CrossEntropyLoss(label_smoothing=0.05)
for s in range(steps):
    net.train()
    i = torch.randint(0, 5000, (128,))
    loss = lf(net(X[i]), y[i])
    opt.zero_grad(); loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step(); sched.step()
    if s % 100 == 99:
        net.eval()
        with torch.no_grad():
            o = net(X[5000:])
        print(s + 1, round(loss.item(), 4), "val", round(lf(o, y[5000:]).item(), 4), "acc", round((o.argmax(1) == y[5000:]).float().mean().item(), 4))
