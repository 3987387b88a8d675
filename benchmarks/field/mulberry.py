import os, gzip
import numpy as np
import torch
from torch import nn, optim
from torch.optim.lr_scheduler import StepLR

torch.manual_seed(14)
base = os.environ['MNIST_DIR']
with gzip.open(base + '/mnist-t10k-images-idx3-ubyte.gz') as f: X = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 784)
with gzip.open(base + '/mnist-t10k-labels-idx1-ubyte.gz') as f: Y = np.frombuffer(f.read(), np.uint8, offset=8)
X = torch.tensor(X.astype(np.float32) / 255 - 0.13) / 0.31
Y = torch.tensor(Y.astype(np.int64))
model = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
opt = optim.SGD(model.parameters(), lr=0.03, momentum=0.9)
sched = StepLR(opt, step_size=100, gamma=1.7)
ce = nn.CrossEntropyLoss()
run = []
for it in range(1500):
    b = torch.randint(0, 8000, (64,))
    loss = ce(model(X[b]), Y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    run.append(loss.item())
    if it % 250 == 249:
        with torch.no_grad():
            print(it + 1, 'train', np.mean(run[-100:]), 'test', ce(model(X[8000:]), Y[8000:]).item())
