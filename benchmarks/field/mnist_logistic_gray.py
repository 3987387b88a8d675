import gzip, numpy as np, torch
from torch import nn

torch.manual_seed(0)
def read(name, off):
    return np.frombuffer(gzip.open('data/mnist-t10k-' + name).read(), np.uint8, offset=off)
imgs = read('images-idx3-ubyte.gz', 16).reshape(10000, 784).astype(np.float32)
labels = read('labels-idx1-ubyte.gz', 8).astype(np.int64)
X, Y = torch.from_numpy(imgs), torch.from_numpy(labels)

net = nn.Sequential(nn.Linear(784, 64), nn.Sigmoid(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.3)
for epoch in range(6):
    running = 0.
    for b in torch.randperm(8500).split(64):
        loss = nn.functional.cross_entropy(net(X[b]), Y[b])
        opt.zero_grad(); loss.backward(); opt.step()
        running += loss.item()
    with torch.no_grad():
        out = net(X[8500:])
        acc = (out.argmax(1) == Y[8500:]).float().mean()
        vl = nn.functional.cross_entropy(out, Y[8500:])
    print(f'epoch {epoch} train {running / 133:.4f} val {vl:.4f} acc {acc:.4f}')
