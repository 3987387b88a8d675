import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

raw = lambda f, o: np.frombuffer(gzip.open('data/mnist-t10k-' + f + '-ubyte.gz').read(), np.uint8, offset=o)
X = torch.tensor(raw('images-idx3', 16).reshape(-1, 784) / 255., dtype=torch.float32)
Y = torch.tensor(raw('labels-idx1', 8).astype(np.int64))
X = (X - X.mean()) / X.std()
trainX, trainY, testX, testY = X[:8000], Y[:8000], X[8000:], Y[8000:]

def mlp(h, p):
    return nn.Sequential(nn.Linear(784, h), nn.ReLU(), nn.Dropout(p), nn.Linear(h, h), nn.ReLU(), nn.Dropout(p), nn.Linear(h, 10))

def test(m):
    m.eval()
    with torch.no_grad():
        o = m(testX)
    m.train()
    return round(F.cross_entropy(o, testY).item(), 4), round((o.argmax(1) == testY).float().mean().item(), 4)

torch.manual_seed(5)
teacher, student = mlp(256, 0.3), mlp(32, 0.0)
opt = torch.optim.Adam(teacher.parameters(), lr=1e-3)
for step in range(600):
    i = torch.randint(0, 8000, (64,))
    loss = F.cross_entropy(teacher(trainX[i]), trainY[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 150 == 149:
        print('teacher', step + 1, round(loss.item(), 4), test(teacher))
teacher.eval()
T = 3.0
opt = torch.optim.Adam(student.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1200)
for step in range(1200):
    i = torch.randint(0, 8000, (64,))
    x = trainX[i] + 0.2 * torch.randn(64, 784)
    with torch.no_grad():
        soft = F.log_softmax(teacher(x) / T, 1)
    s = student(x)
    kd = F.kl_div(F.log_softmax(s / T, 1), soft, log_target=True, reduction='batchmean') * T * T
    loss = 0.7 * kd + 0.3 * F.cross_entropy(s, trainY[i])
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    if step % 150 == 149:
        print('student', step + 1, round(loss.item(), 4), test(student))
