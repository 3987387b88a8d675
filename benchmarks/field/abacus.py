import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(0)
d = load_digits()
X = torch.tensor(d.images).float()[:, None]; X = (X - X.mean()) / X.std()
y = torch.tensor(d.target); p = torch.randperm(1797); X, y = X[p], y[p]
backbone = nn.Sequential(nn.Conv2d(1, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
nn.init.kaiming_normal_(backbone[0].weight)
for q in backbone.parameters(): q.requires_grad_(False)
head = nn.Linear(1024, 10)
opt = torch.optim.SGD(head.parameters(), lr=0.006, momentum=0.9, weight_decay=1e-3)
ce = nn.CrossEntropyLoss()
for ep in range(30):
    q = torch.randperm(1400)
    for k in range(0, 1400, 50):
        b = q[k:k+50]
        loss = ce(head(backbone(X[b])), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
    if ep % 5 == 0: print('epoch', ep, 'loss %.4f' % loss.item())
with torch.no_grad():
    o = head(backbone(X))
    print('train loss %.4f held-out loss %.4f acc %.4f' % (ce(o[:1400], y[:1400]), ce(o[1400:], y[1400:]), (o[1400:].argmax(1) == y[1400:]).float().mean()))
