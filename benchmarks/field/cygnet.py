import gzip, os, numpy as np, torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(26)
r = os.environ["MNIST_DIR"]
X = torch.tensor(np.frombuffer(gzip.open(r + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:5000] / 255.0 - 0.2).float()
Y = torch.tensor(np.frombuffer(gzip.open(r + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)[:5000].astype("int64"))
net = nn.Sequential(nn.Conv2d(1, 8, 5, 3), nn.ReLU(), nn.Conv2d(8, 16, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(144, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.006, momentum=0.9)
lf = nn.CrossEntropyLoss(label_smoothing=0.05)
batch = 1
for it in range(2000):
    k = torch.randint(0, 4000, (batch,))
    l = lf(net(X[k]), Y[k])
    opt.zero_grad()
    l.backward()
    opt.step()
    if it % 400 == 0: print(it, round(l.item(), 4))
with torch.no_grad():
    o = net(X[4000:])
    print("train", lf(net(X[:4000]), Y[:4000]).item(), "test", lf(o, Y[4000:]).item(), "acc", (o.argmax(1) == Y[4000:]).float().mean().item())
