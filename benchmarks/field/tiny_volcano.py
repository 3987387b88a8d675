import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(145)
D = load_digits()
X = torch.tensor(D.images, dtype=torch.float32)[:, None] / 8 - 1
y = torch.tensor(D.target)
p = torch.randperm(len(X))
X, y = X[p], y[p]
low, high = y < 5, y >= 5
Xa, ya = X[low], y[low]
Xb, yb = X[high], y[high] - 5
nb = 650

encoder = nn.Sequential(nn.Conv2d(1, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                        nn.Conv2d(24, 48, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())


def fit(head, opt, x, t, steps, tag):
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, steps)
    for s in range(steps):
        i = torch.randint(0, len(x), (48,))
        loss = F.cross_entropy(head(encoder(x[i])), t[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if s % 100 == 0:
            print(tag, s, f"{loss.item():.4f}")


head_a = nn.Linear(192, 5)
fit(head_a, torch.optim.SGD([*encoder.parameters(), *head_a.parameters()], lr=0.05, momentum=0.9), Xa, ya, 500, "source")
for q in encoder.parameters():
    q.requires_grad_(False)
head_b = nn.Linear(192, 5)
fit(head_b, torch.optim.SGD(head_b.parameters(), lr=0.03, momentum=0.9), Xb[:nb], yb[:nb], 700, "target")
with torch.no_grad():
    out = head_b(encoder(Xb[nb:]))
    print(f"final train {F.cross_entropy(head_b(encoder(Xb[:nb])), yb[:nb]).item():.4f} test {F.cross_entropy(out, yb[nb:]).item():.4f} acc {(out.argmax(1) == yb[nb:]).float().mean().item():.4f}")
