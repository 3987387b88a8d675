import os, gzip
import numpy as np
import torch
import torch.nn as nn
torch.manual_seed(19)
x = np.frombuffer(gzip.open(os.environ['MNIST_DIR'] + '/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
x = torch.tensor(x[:4000].astype(np.float32) / 255)
net = nn.Sequential(
    nn.Conv2d(1, 8, 3, stride=2, padding=1), nn.ReLU(),
    nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(),
    nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1), nn.ReLU(),
    nn.ConvTranspose2d(8, 1, 4, stride=2, padding=1))
opt = torch.optim.AdamW(net.parameters(), lr=4e-3)
lossf = nn.MSELoss()
noisy = lambda v: (v + 0.4 * torch.randn_like(v) - 0.13) / 0.5
for epoch in range(7):
    tot = 0
    for b in torch.randperm(3600).split(40):
        loss = lossf(net(noisy(x[b])), x[b])
        opt.zero_grad(); loss.backward(); opt.step()
        tot += loss.item() / 90
    with torch.no_grad():
        print(epoch, 'train', tot, 'test', lossf(net(noisy(x[3600:])), x[3600:]).item(), 'noise level', 0.16)
