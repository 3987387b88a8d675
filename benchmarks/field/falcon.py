import gzip, os, numpy as np, torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(12)
root = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(f"{root}/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:4500].astype("float32") / 255
y = np.frombuffer(gzip.open(f"{root}/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)[:4500].astype("int64")
x, y = torch.from_numpy(x), torch.from_numpy(y)
net = nn.Sequential(nn.Conv2d(1, 8, 5, 2, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 25, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
ce = nn.CrossEntropyLoss()
bs = 2
for it in range(1500):
    k = torch.randint(0, 3500, (bs,))
    loss = ce(net(x[k]), y[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 250 == 0:
        print(it, loss.item())
net.eval()
with torch.no_grad():
    o = net(x[3500:])
    print("train", ce(net(x[:3500]), y[:3500]).item(), "test", ce(o, y[3500:]).item(), "acc", (o.argmax(1) == y[3500:]).float().mean().item())
