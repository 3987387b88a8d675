import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
torch.manual_seed(53)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 8 - 1).float(); y = torch.tensor(y)
p = torch.randperm(1797); X, y = X[p], y[p]
teacher = nn.Sequential(nn.Linear(64, 200), nn.ReLU(), nn.Dropout(0.2), nn.Linear(200, 200), nn.ReLU(), nn.Linear(200, 10))
opt = torch.optim.Adam(teacher.parameters(), lr=1e-3)
for step in range(400):
    b = torch.randint(0, 1440, (64,))
    l = F.cross_entropy(teacher(X[b]), y[b])
    opt.zero_grad(); l.backward(); opt.step()
teacher.eval()
student = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))
opt = torch.optim.Adam(student.parameters(), lr=4e-3)
T, alpha = 3.0, 0.7
for step in range(1500):
    b = torch.randint(0, 1440, (64,))
    with torch.no_grad(): soft = F.softmax(teacher(X[b]) / T, 1)
    z = student(X[b])
    loss = alpha * T * T * F.kl_div(F.log_softmax(z / T, 1), soft, reduction='batchmean') + (1 - alpha) * F.cross_entropy(z, y[b])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 300 == 299:
        with torch.no_grad():
            o, q = student(X[1440:]), teacher(X[1440:])
        print(step + 1, 'train', loss.item(), 'test student', F.cross_entropy(o, y[1440:]).item(), (o.argmax(1) == y[1440:]).float().mean().item(), 'teacher', (q.argmax(1) == y[1440:]).float().mean().item())
