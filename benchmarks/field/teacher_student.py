import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(16)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32) / 6.0 - 0.8
y = torch.tensor(y)
perm = torch.randperm(len(X))
Xa, ya, Xb, yb = X[perm[:1300]], y[perm[:1300]], X[perm[1300:]], y[perm[1300:]]
TEMP, ALPHA = 3.0, 0.7


def accuracy(m):
    m.eval()
    with torch.no_grad():
        return (m(Xb).argmax(1) == yb).float().mean().item()


# ---- teacher
teacher = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))
opt = torch.optim.Adam(teacher.parameters(), lr=1e-3)
for step in range(500):
    i = torch.randint(0, len(Xa), (64,))
    loss = F.cross_entropy(teacher(Xa[i]), ya[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
print("teacher loss", loss.item(), "acc", accuracy(teacher))

# ---- student
student = nn.Sequential(nn.Linear(64, 24), nn.ReLU(), nn.Linear(24, 10))
opt_s = torch.optim.SGD(student.parameters(), lr=0.05, momentum=0.9)
teacher.eval()
for step in range(900):
    i = torch.randint(0, len(Xa), (64,))
    with torch.no_grad():
        soft = F.softmax(teacher(Xa[i]) / TEMP, dim=1)
    out = student(Xa[i])
    kd = F.kl_div(F.log_softmax(out / TEMP, dim=1), soft, reduction="batchmean") * TEMP ** 2
    loss = ALPHA * kd + (1 - ALPHA) * F.cross_entropy(out, ya[i])
    opt_s.zero_grad()
    loss.backward()
    opt_s.step()
    if step % 150 == 0:
        print("student", step, loss.item())
print("student acc", accuracy(student), "loss", loss.item())
