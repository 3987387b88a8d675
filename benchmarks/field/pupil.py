import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(24)
X = torch.randn(16000, 8); y = (X[:, 0] + X[:, 1] * X[:, 2] > 0).long() + (X[:, 3].abs() > 0.8).long()
teacher = nn.Sequential(nn.Linear(8, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 3))
student = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 3))
ot = torch.optim.Adam(teacher.parameters(), lr=1e-3)
for s in range(900):
    i = torch.randint(0, 14000, (128,)); l = F.cross_entropy(teacher(X[i]), y[i]); ot.zero_grad(); l.backward(); ot.step()
    if s % 150 == 0: print('teacher', s, '%.4f' % l.item())
teacher.requires_grad_(False)
os_ = torch.optim.Adam(student.parameters(), lr=0.004)
for s in range(1500):
    i = torch.randint(0, 14000, (128,)); z = student(X[i]); T = 2.0
    l = 0.5 * F.cross_entropy(z, y[i]) + 0.5 * T * T * F.kl_div(F.log_softmax(z / T, 1), F.softmax(teacher(X[i]) / T, 1), reduction='batchmean')
    os_.zero_grad(); l.backward(); os_.step()
    if s % 150 == 0: print('student', s, '%.4f' % l.item())
with torch.no_grad(): o = student(X); print('train %.4f held-out %.4f acc %.4f' % (F.cross_entropy(o[:14000], y[:14000]), F.cross_entropy(o[14000:], y[14000:]), (o[14000:].argmax(1) == y[14000:]).float().mean()))
