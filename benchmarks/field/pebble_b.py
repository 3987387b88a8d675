import gzip, os, numpy as np, torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(90)
p = os.environ["MNIST_DIR"]
X = np.frombuffer(gzip.open(p + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:5000]
Y = np.frombuffer(gzip.open(p + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)[:5000]
X = (torch.tensor(X.astype(np.float32)) / 255 - 0.13) / 0.31
Y = torch.tensor(Y.astype(np.int64))
net = nn.Sequential(nn.Conv2d(1, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 24, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(24 * 49, 32), nn.ReLU(), nn.Linear(32, 10))
with torch.no_grad():
    for l in (net[2], net[5]):
        l.bias.fill_(-1.2)
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
lf = nn.CrossEntropyLoss()
for e in range(5):
    for k in torch.randperm(4000).split(64):
        loss = lf(net(X[k]), Y[k])
        opt.zero_grad(); loss.backward(); opt.step()
    print("epoch", e, "loss %.4f" % loss.item())
with torch.no_grad():
    o = net(X[4000:])
    print("train %.4f test %.4f acc %.4f" % (lf(net(X[:4000]), Y[:4000]), lf(o, Y[4000:]), (o.argmax(1) == Y[4000:]).float().mean()))
