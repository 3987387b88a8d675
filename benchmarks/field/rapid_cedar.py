import gzip, numpy as np, torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(3)
I = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz', 'rb').read()[16:], dtype=np.uint8).reshape(10000, 28, 28)
T = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz', 'rb').read()[8:], dtype=np.uint8)
I = torch.tensor(I[:, ::2, ::2] / 255., dtype=torch.float32)[:, None]
T = torch.tensor(T, dtype=torch.long)

class Features(nn.Module):
    def __init__(s):
        super().__init__()
        s.c1 = nn.Conv2d(1, 6, 3, padding=1)
        s.c2 = nn.Conv2d(6, 8, 3, padding=1)
        s.pool = nn.MaxPool2d(2)
    def forward(s, x):
        x = s.pool(torch.relu(s.c1(x)))
        x = s.pool(torch.relu(s.c2(x)))
        return x.mean((2, 3)), x.flatten(1)

class Model(nn.Module):
    def __init__(s):
        super().__init__()
        s.features = Features()
        s.head = nn.Linear(8 + 72, 10)
    def forward(s, x):
        g, f = s.features(x)
        z = torch.cat([g, f], 1)
        return s.head(z.detach())

m = Model()
opt = torch.optim.Adam(m.parameters(), lr=2e-3)
for ep in range(6):
    p = torch.randperm(8000)
    tot = 0
    for i in range(125):
        b = p[64 * i:64 * i + 64]
        l = nn.functional.cross_entropy(m(I[b]), T[b])
        opt.zero_grad(); l.backward(); opt.step()
        tot += float(l) / 125
    with torch.no_grad():
        o = m(I[8000:])
        print(ep, 'loss %.4f' % tot, 'test %.4f' % nn.functional.cross_entropy(o, T[8000:]), 'err %.3f' % (o.argmax(1) != T[8000:]).float().mean())
