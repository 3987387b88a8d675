import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(431)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16.).float(), torch.tensor(y)
p = torch.randperm(len(y))
X, y = X[p], y[p]
teacher = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
opt = torch.optim.Adam(teacher.parameters(), lr=3e-3)
for s in range(300):
    b = torch.randint(0, 1400, (64,))
    loss = F.cross_entropy(teacher(X[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
teacher.eval()
student = nn.Sequential(nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 10))
opt = torch.optim.Adam(student.parameters(), lr=5e-3)
temp = 3.0
for s in range(1200):
    b = torch.randint(0, 1400, (64,))
    with torch.no_grad():
        soft = F.softmax(teacher(X[b]) / temp, 1)
    z = student(X[b])
    loss = 0.7 * temp ** 2 * F.kl_div(F.log_softmax(z / temp, 1), soft, reduction='batchmean') + 0.3 * F.cross_entropy(z, y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 120 == 0:
        print(s, round(loss.item(), 4))
with torch.no_grad():
    print('student acc', round((student(X[1400:]).argmax(1) == y[1400:]).float().mean().item(), 4), 'teacher acc', round((teacher(X[1400:]).argmax(1) == y[1400:]).float().mean().item(), 4))
