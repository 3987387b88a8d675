import copy
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(126)
d = load_digits()
X, Y = torch.tensor(d.data, dtype=torch.float32) / 8 - 1, torch.tensor(d.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
teacher = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 10))
student = nn.Sequential(nn.Linear(64, 20), nn.ReLU(), nn.Linear(20, 10))


def score(m):
    m.eval()
    with torch.no_grad():
        o = m(X[1400:])
    m.train()
    return F.cross_entropy(o, Y[1400:]).item(), (o.argmax(1) == Y[1400:]).float().mean().item()


opt = torch.optim.Adam(teacher.parameters(), lr=2e-3)
for e in range(12):
    for b in torch.randperm(1400).split(50):
        loss = F.cross_entropy(teacher(X[b]), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
print("teacher val %.4f acc %.4f" % score(teacher))
teacher.eval().requires_grad_(False)
TEMP = 3.0
ema = copy.deepcopy(student)
opt = torch.optim.Adam(student.parameters(), lr=4e-3)
for e in range(25):
    for b in torch.randperm(1400).split(50):
        x = X[b] + 0.1 * torch.randn(len(b), 64)
        s, t = student(x), teacher(x)
        kd = F.kl_div(F.log_softmax(s / TEMP, 1), F.softmax(t / TEMP, 1), reduction="batchmean") * TEMP ** 2
        loss = 0.5 * kd + 0.5 * F.cross_entropy(s, Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        with torch.no_grad():
            for a, c in zip(ema.parameters(), student.parameters()):
                a.lerp_(c, 0.03)
    if e % 3 == 0:
        print("epoch %d loss %.4f student val %.4f acc %.4f ema acc %.4f" % (e, loss.item(), *score(student), score(ema)[1]))
