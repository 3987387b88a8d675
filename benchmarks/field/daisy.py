import gzip, os, numpy as np, torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(3)
R = os.environ["MNIST_DIR"]
X = torch.tensor(np.frombuffer(gzip.open(R + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:6000] / 255.0 - 0.13).float() / 0.31
Y = torch.tensor(np.frombuffer(gzip.open(R + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)[:6000].astype("int64"))
net = nn.Sequential(nn.Conv2d(1, 12, 5, 2), nn.ReLU(), nn.Conv2d(12, 24, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(600, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
acc = 4
micro = 0
for e in range(4):
    for k in torch.randperm(5000).split(16):
        l = nn.functional.cross_entropy(net(X[k]), Y[k]) / acc
        l.backward()
        micro += 1
        if micro % acc == 0:
            opt.step(); opt.zero_grad()
    print(e, l.item() * acc)
with torch.no_grad():
    o = net(X[5000:])
    print("train", nn.functional.cross_entropy(net(X[:5000]), Y[:5000]).item(), "test", nn.functional.cross_entropy(o, Y[5000:]).item(), "acc", (o.argmax(1) == Y[5000:]).float().mean().item())
