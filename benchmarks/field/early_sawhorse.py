import torch
from torch import nn
from sklearn.datasets import make_classification

torch.manual_seed(49)
X, y = make_classification(1200, 40, n_informative=6, n_redundant=0, flip_y=0.15, class_sep=1.3, random_state=49)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y)
xt, yt, xv, yv = X[:200], y[:200], X[200:], y[200:]
net = nn.Sequential(nn.Linear(40, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 2))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.0)
ce = nn.CrossEntropyLoss()
for epoch in range(150):
    net.train()
    for b in torch.randperm(200).split(20):
        loss = ce(net(xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 10 == 9:
        net.eval()
        with torch.no_grad():
            tl = ce(net(xt), yt).item()
            v = net(xv)
            vl = ce(v, yv).item()
        print(f"epoch {epoch + 1} train {tl:.4f} valid {vl:.4f} acc {(v.argmax(1) == yv).float().mean().item():.3f}")
