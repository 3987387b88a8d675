import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(12)
D = load_digits()
x = torch.tensor(D.data, dtype=torch.float32) / 16
y = torch.tensor(D.target)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]


def mlp(*sizes):
    mods = []
    for a, b in zip(sizes, sizes[1:]):
        mods += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*mods[:-1])


teacher, student = mlp(64, 256, 128, 10), mlp(64, 24, 10)
opt_t = torch.optim.SGD(teacher.parameters(), lr=0.05, momentum=0.9)
for epoch in range(15):
    for b in torch.randperm(1300).split(32):
        loss = F.cross_entropy(teacher(x[b]), y[b])
        opt_t.zero_grad()
        loss.backward()
        opt_t.step()
teacher.eval()
for p in teacher.parameters():
    p.requires_grad_(False)
print("teacher", (teacher(x[1300:]).argmax(1) == y[1300:]).float().mean().item())

TEMP = 3.0
opt_s = torch.optim.SGD(student.parameters(), lr=2e-4)
for epoch in range(40):
    for b in torch.randperm(1300).split(32):
        s, t = student(x[b]), teacher(x[b])
        soft = F.kl_div(F.log_softmax(s / TEMP, 1), F.softmax(t / TEMP, 1), reduction="batchmean") * TEMP ** 2
        loss = 0.7 * soft + 0.3 * F.cross_entropy(s, y[b])
        opt_s.zero_grad()
        loss.backward()
        opt_s.step()
    if epoch % 8 == 0:
        print("student epoch", epoch, round(loss.item(), 4))
with torch.no_grad():
    print("student accuracy", round((student(x[1300:]).argmax(1) == y[1300:]).float().mean().item(), 4))
