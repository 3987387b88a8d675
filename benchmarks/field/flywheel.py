import os, gzip
import numpy as np
import torch
import torch.nn as nn

def load_images():
    p = os.path.join(os.environ['MNIST_DIR'], 'mnist-t10k-images-idx3-ubyte.gz')
    b = gzip.open(p).read()
    return np.frombuffer(b, np.uint8, offset=16).reshape(-1, 784).astype(np.float32) / 255.

torch.manual_seed(21)
img = torch.from_numpy(load_images())
mu = img.mean()
sd = img.std()
train, test = (img[:9000] - mu) / sd, (img[9000:] - mu) / sd

def linear(n_in, n_out):
    lin = nn.Linear(n_in, n_out)
    bound = 1.0 / n_in
    nn.init.uniform_(lin.weight, -bound, bound)
    nn.init.zeros_(lin.bias)
    return lin

class AutoEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(linear(784, 128), nn.Tanh(), linear(128, 64), nn.Tanh(), linear(64, 24))
        self.dec = nn.Sequential(linear(24, 64), nn.Tanh(), linear(64, 128), nn.Tanh(), linear(128, 784))

    def forward(self, x):
        return self.dec(self.enc(x))

ae = AutoEncoder()
opt = torch.optim.SGD(ae.parameters(), lr=1.0, momentum=0.9)
for epoch in range(5):
    s = 0
    for i, b in enumerate(torch.randperm(9000).split(100)):
        rec = ae(train[b])
        loss = (rec - train[b]).pow(2).mean()
        opt.zero_grad(); loss.backward(); opt.step()
        s += loss.item()
    with torch.no_grad():
        print('epoch', epoch, 'train', round(s / (i + 1), 4), 'test', round((ae(test) - test).pow(2).mean().item(), 4))
