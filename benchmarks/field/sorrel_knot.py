import gzip, os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F


def mnist():
    d = os.environ['MNIST_DIR']
    x = np.frombuffer(gzip.open(d + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    y = np.frombuffer(gzip.open(d + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
    return (torch.tensor(x.astype(np.float32)) / 255 - 0.1307) / 0.3081, torch.tensor(y.astype(np.int64))


torch.manual_seed(118)
x, y = mnist()
x = F.avg_pool2d(x, 2).flatten(1)
teacher = nn.Sequential(nn.Linear(196, 200), nn.ReLU(), nn.Dropout(0.2), nn.Linear(200, 10))
opt = torch.optim.Adam(teacher.parameters(), lr=1e-3)
teacher.train()
for s in range(1200):
    i = torch.randint(0, 8500, (64,))
    loss = F.cross_entropy(teacher(x[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step()
teacher.eval()
student = nn.Sequential(nn.Linear(196, 24), nn.ReLU(), nn.Linear(24, 10))
opt = torch.optim.SGD(student.parameters(), lr=0.05, momentum=0.9)
T = 3.0
for s in range(2000):
    i = torch.randint(0, 8500, (64,))
    with torch.no_grad():
        t = F.softmax(teacher(x[i]) / T, 1)
    out = student(x[i])
    kd = F.kl_div(F.log_softmax(out / T, 1), t, reduction='batchmean') * T * T
    loss = 0.7 * kd + 0.3 * F.cross_entropy(out, y[i])
    opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    print('student loss', loss.item(), 'teacher acc', (teacher(x[8500:]).argmax(1) == y[8500:]).float().mean().item(), 'student acc', (student(x[8500:]).argmax(1) == y[8500:]).float().mean().item())
