import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_classification

torch.manual_seed(149)
X, y = make_classification(9000, 20, n_informative=10, n_classes=6, n_clusters_per_class=2, class_sep=1.6, random_state=149)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y)
tr, te = slice(0, 7500), slice(7500, 9000)


def mlp(*w, p=0.0):
    mods = []
    for a, b in zip(w[:-2], w[1:-1]):
        mods += [nn.Linear(a, b), nn.GELU(), nn.Dropout(p)]
    return nn.Sequential(*mods, nn.Linear(w[-2], w[-1]))


def fit(net, loss_fn, steps, lr, tag):
    opt = torch.optim.NAdam(net.parameters(), lr=lr, weight_decay=1e-2, decoupled_weight_decay=True)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, steps)
    net.train()
    for s in range(steps):
        i = torch.randint(0, 7500, (128,))
        loss = loss_fn(net(X[i]), i)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if s % 150 == 0:
            print(tag, s, f"{loss.item():.4f}")
    net.eval()
    return loss.item()


teacher = mlp(20, 128, 128, 6, p=0.1)
fit(teacher, lambda out, i: F.cross_entropy(out, y[i]), 900, 2e-3, "teacher")
student = mlp(20, 24, 6)
T = 2.0


def distil(out, i):
    with torch.no_grad():
        soft = teacher(X[i]) / T
    kl = F.kl_div((out / T).log_softmax(1), soft.log_softmax(1), log_target=True, reduction="batchmean") * T * T
    return 0.7 * kl + 0.3 * F.cross_entropy(out, y[i])


last = fit(student, distil, 1200, 4e-3, "student")
with torch.no_grad():
    acc = lambda n: (n(X[te]).argmax(1) == y[te]).float().mean().item()
    print(f"final student loss {last:.4f} test ce {F.cross_entropy(student(X[te]), y[te]).item():.4f} acc {acc(student):.4f} teacher acc {acc(teacher):.4f}")
