import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(52)
X = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:, :, ::2, ::2] / 255.0).float()
Y = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype('int64'))


def accuracy(m):
    m.eval()
    with torch.no_grad():
        o = m(X[8000:])
    m.train()
    return F.cross_entropy(o, Y[8000:]).item(), (o.argmax(1) == Y[8000:]).float().mean().item()


teacher = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.2), nn.Linear(288, 10))
student = nn.Sequential(nn.Flatten(), nn.Linear(196, 40), nn.ReLU(), nn.Linear(40, 10))


def fit(model, lossf, epochs, lr, name):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for e in range(epochs):
        s = 0.0
        for b in torch.randperm(8000).split(64):
            loss = lossf(model(X[b]), b)
            opt.zero_grad()
            loss.backward()
            opt.step()
            s += loss.item() / 125
        print(name, e, 'loss %.4f' % s, 'test %.4f acc %.4f' % accuracy(model))


fit(teacher, lambda o, b: F.cross_entropy(o, Y[b]), 4, 2e-3, 'teacher')
teacher.eval()
TEMP = 3.0


def distil(o, b):
    with torch.no_grad():
        t = F.softmax(teacher(X[b]) / TEMP, 1)
    kl = F.kl_div(F.log_softmax(o / TEMP, 1), t, reduction='batchmean') * TEMP ** 2
    return 0.7 * kl + 0.3 * F.cross_entropy(o, Y[b])


fit(student, distil, 8, 5e-3, 'student')
