import gzip, os, numpy as np, torch, torch.nn as nn
from torch.utils.data import DataLoader
torch.manual_seed(411)
D = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(D + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = torch.tensor(np.frombuffer(gzip.open(D + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype("int64"))
x = nn.functional.avg_pool2d(torch.tensor((x / 255.0 - 0.13) / 0.31).float(), 2)
xs = DataLoader(x[:8000], batch_size=64, shuffle=True)
ys = DataLoader(y[:8000], batch_size=64, shuffle=True)
net = nn.Sequential(nn.Conv2d(1, 8, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(288, 32), nn.ReLU(), nn.Linear(32, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for e in range(3):
    for a, b in zip(xs, ys):
        l = nn.functional.cross_entropy(net(a), b)
        opt.zero_grad(); l.backward(); opt.step()
    with torch.no_grad():
        o = net(x[8000:]); print(e, "%.4f" % l.item(), "test %.4f acc %.4f" % (nn.functional.cross_entropy(o, y[8000:]).item(), (o.argmax(1) == y[8000:]).float().mean().item()))
