import gzip
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
torch.manual_seed(20)
img = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784)
lab = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
img = torch.from_numpy(img.astype(np.float32))
lab = torch.from_numpy(lab.astype(np.int64))
train = DataLoader(TensorDataset(img[:8000], lab[:8000]), 64, shuffle=True)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.ModuleList([nn.Linear(784, 80), nn.Linear(80, 80)])
        self.final = nn.Linear(80, 10)

    def forward(self, x):
        for h in self.hidden:
            x = torch.tanh(h(x))
        return self.final(x)


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(6):
    s = 0.0
    for xb, yb in train:
        loss = nn.functional.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item()
    with torch.no_grad():
        o = net(img[8000:])
    print(f'epoch {epoch} train {s / len(train):.4f} test {nn.functional.cross_entropy(o, lab[8000:]).item():.4f} acc {(o.argmax(1) == lab[8000:]).float().mean().item():.4f}')
