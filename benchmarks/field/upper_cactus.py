import gzip
import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(50)
buf = gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read()
x = torch.tensor(np.frombuffer(buf, np.uint8, offset=16).reshape(-1, 28, 28)[:, 2:26:2, 2:26:2] / 255.0).float().flatten(1)
xt, xv = x[:9000], x[9000:]

encoder = nn.Sequential(nn.Linear(144, 96), nn.GELU(), nn.Linear(96, 16))
decoder = nn.Sequential(nn.Linear(16, 96), nn.GELU(), nn.Linear(96, 144))

groups = [
    dict(params=encoder.parameters(), lr=3e-1),
    dict(params=decoder.parameters(), lr=3e-3),
]
opt = torch.optim.Adam(groups)
bce = nn.BCEWithLogitsLoss()

for epoch in range(10):
    c = 0.0
    for ids in torch.randperm(len(xt)).split(100):
        xb = xt[ids]
        loss = bce(decoder(encoder(xb)), xb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        c += loss.item() / 90
    with torch.no_grad():
        print('epoch', epoch, 'bce', round(c, 4), 'held', round(bce(decoder(encoder(xv)), xv).item(), 4))
