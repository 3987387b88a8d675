import os, gzip, numpy as np
import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(77)
root = os.environ['MNIST_DIR']
def load(kind, off):
    with gzip.open(f'{root}/mnist-t10k-{kind}-ubyte.gz', 'rb') as fh:
        return np.frombuffer(fh.read(), np.uint8, offset=off)
X = torch.tensor(load('images-idx3', 16).reshape(10000, 784) / 255.0, dtype=torch.float32)
X = (X - 0.13) / 0.31
Y = torch.tensor(load('labels-idx1', 8), dtype=torch.long)
trainloader = DataLoader(TensorDataset(X[:8000], Y[:8000]), batch_size=64, shuffle=True)

model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.7)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(7):
    total = 0
    for xb, yb in trainloader:
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
        scheduler.step()
        total += loss.item()
    
    with torch.no_grad():
        out = model(X[8000:])
        print(f'[{epoch}] train {total/len(trainloader):.4f} val {loss_fn(out, Y[8000:]).item():.4f} acc {(out.argmax(1)==Y[8000:]).float().mean().item():.4f}')
