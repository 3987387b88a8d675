import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(16)
torch.set_num_threads(1)
xs = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784) / 255.0
ys = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
xs, ys = torch.tensor(xs, dtype=torch.float32), torch.tensor(ys, dtype=torch.long)


class Net(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.fc1 = nn.Linear(784, h)
        self.ln1 = nn.LayerNorm(h)
        self.fc2 = nn.Linear(h, h)
        self.ln2 = nn.LayerNorm(h)
        self.readout = nn.Linear(h, 10)
        nn.init.normal_(self.readout.weight, std=3.0)

    def forward(self, x):
        x = F.gelu(self.ln1(self.fc1(x)))
        x = F.gelu(self.ln2(self.fc2(x)))
        return self.readout(x)


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
for step in range(901):
    i = torch.randint(0, 8500, (40,))
    loss = F.cross_entropy(net(xs[i]), ys[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 90 == 0:
        with torch.no_grad():
            o = net(xs[8500:])
            print(f'step {step:4d} | batch {loss.item():.3f} | test {F.cross_entropy(o, ys[8500:]).item():.3f} | acc {(o.argmax(1) == ys[8500:]).float().mean().item():.3f}')
