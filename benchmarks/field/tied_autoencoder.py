import gzip
import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(347)
x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
x = F.avg_pool2d(torch.tensor(x.reshape(-1, 1, 28, 28) / 255., dtype=torch.float32), 2).flatten(1)
W = torch.nn.Parameter(torch.randn(196, 32) * 0.05)
b = torch.nn.Parameter(torch.zeros(32))
c = torch.nn.Parameter(torch.zeros(196))
opt = torch.optim.Adam([W, b, c], lr=3e-3)


def model(v):
    return torch.tanh(v @ W + b) @ W.T + c


for step in range(1200):
    v = x[torch.randint(0, 9000, (64,))]
    loss = F.mse_loss(model(v), v)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 120 == 0:
        print(step, round(loss.item(), 5))
with torch.no_grad():
    print('test mse', round(F.mse_loss(model(x[9000:]), x[9000:]).item(), 5), 'variance', round(x.var(0).mean().item(), 5))
