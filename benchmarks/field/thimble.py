import os, gzip
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(73)
D = os.environ['MNIST_DIR']
X = torch.tensor(np.frombuffer(gzip.open(D + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).astype(np.float32)).view(-1, 784)
X = (X - X.mean()) / X.std()
Y = torch.tensor(np.frombuffer(gzip.open(D + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype(np.int64))
noise = torch.rand(10000) < 0.2
Y[noise] = torch.randint(0, 10, (int(noise.sum()),))
n = 500
train = DataLoader(TensorDataset(X[:n], Y[:n]), batch_size=50, shuffle=True)
net = nn.Sequential(nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
ce = nn.CrossEntropyLoss()
epochs = 60
for ep in range(epochs):
    net.train()
    t = 0
    for x, y in train:
        loss = ce(net(x), y)
        opt.zero_grad(); loss.backward(); opt.step()
        t += loss.item() / len(train)
    net.eval()
    with torch.no_grad():
        val = ce(net(X[8000:]), Y[8000:]).item()
    if ep % (epochs // 5) == epochs // 5 - 1:
        print('epoch', ep + 1, 'train', t, 'val', val)
