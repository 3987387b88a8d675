import gzip, os
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(19)
D = os.environ['MNIST_DIR']
raw = gzip.open(D + '/mnist-t10k-images-idx3-ubyte.gz').read()
X = torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 28, 28).astype(np.float32))
X = nn.functional.avg_pool2d(X[:, None], 2).flatten(1)
X = (X - X.mean()) / X.std()
Y = torch.from_numpy(np.frombuffer(gzip.open(D + '/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype(np.int64))


def make(depth, width, act):
    mods = [nn.Linear(196, width), act()]
    for _ in range(depth - 1):
        mods.extend([nn.Linear(width, width), act()])
    mods.append(nn.Linear(width, 10))
    net = nn.Sequential(*mods)
    for m in net:
        if isinstance(m, nn.Linear):
            nn.init.xavier_uniform_(m.weight)
            nn.init.zeros_(m.bias)
    return net


net = make(8, 64, nn.Sigmoid)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for step in range(2500):
    i = torch.randint(0, 9000, (64,))
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(X[i]), Y[i])
    loss.backward()
    opt.step()
with torch.no_grad():
    print('train loss', nn.functional.cross_entropy(net(X[:9000]), Y[:9000]).item(), 'test acc', (net(X[9000:]).argmax(1) == Y[9000:]).float().mean().item())
