import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(68)
d = load_digits()
x = torch.tensor(d.images[:, None], dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)


def batches(n, size=50):
    for _ in range(n):
        yield torch.randint(0, 1400, (size,))


def acc(m):
    with torch.no_grad():
        return round((m(x[1400:]).argmax(1) == y[1400:]).float().mean().item(), 4)


teacher = nn.Sequential(nn.Conv2d(1, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(24, 48, 3, padding=1), nn.ReLU(),
                        nn.Flatten(), nn.Linear(48 * 16, 10))
opt = torch.optim.Adam(teacher.parameters(), lr=1e-3)
for s, b in enumerate(batches(400)):
    loss = F.cross_entropy(teacher(x[b]), y[b], label_smoothing=0.1)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 100 == 0:
        print("teacher", s, round(loss.item(), 4))
print("teacher accuracy", acc(teacher))
student = nn.Sequential(nn.Flatten(), nn.Linear(64, 24), nn.ReLU(), nn.Linear(24, 10))
opt = torch.optim.SGD(student.parameters(), lr=0.05, momentum=0.9, nesterov=True)
Tmp = 3.0
for s, b in enumerate(batches(1500)):
    with torch.no_grad():
        soft = (teacher(x[b]) / Tmp).softmax(1)
    out = student(x[b])
    loss = 0.7 * F.kl_div((out / Tmp).log_softmax(1), soft, reduction="batchmean") * Tmp ** 2 + 0.3 * F.cross_entropy(out, y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 250 == 0:
        print("student", s, round(loss.item(), 4))
print("student accuracy", acc(student))
