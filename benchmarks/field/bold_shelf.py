import gzip
import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(83)
px = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 28, 28)[:, ::2, ::2].reshape(-1, 196)
px = torch.tensor(px / 255. - 0.13, dtype=torch.float32) / 0.31
dg = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype(int))


class Deep(nn.Module):
    def __init__(self, n_layers=12, width=64, g=0.6):
        super().__init__()
        dims = [196] + [width] * n_layers
        self.ls = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        for l in self.ls:
            nn.init.normal_(l.weight, std=g / l.in_features ** 0.5)
            nn.init.zeros_(l.bias)
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        for l in self.ls:
            x = torch.tanh(l(x))
        return self.head(x)


model = Deep()
opt = torch.optim.SGD(model.parameters(), lr=0.02)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(10):
    tl = 0.0
    for b in torch.randperm(8000).split(50):
        loss = loss_fn(model(px[b]), dg[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tl += loss.item() / 160
    with torch.no_grad():
        o = model(px[8000:])
    print(f'{epoch} {tl:.4f} {loss_fn(o, dg[8000:]).item():.4f} {(o.argmax(1) == dg[8000:]).float().mean().item():.3f}')
