import gzip, os, numpy as np, torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(50)
R = os.environ["MNIST_DIR"]
X = np.frombuffer(gzip.open(R + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:6000]
Y = torch.tensor(np.frombuffer(gzip.open(R + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)[:6000].astype("int64"))
X = torch.tensor(X / 255.0 - 0.13).float() / 0.31 + 0.8 * torch.randn(6000, 1, 28, 28)
N = 120
vx, vy = X[5000:], Y[5000:]
net = nn.Sequential(nn.Conv2d(1, 16, 5, 2), nn.ReLU(), nn.Conv2d(16, 24, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(600, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.RMSprop(net.parameters(), lr=5e-4)
ce = nn.CrossEntropyLoss()
for s in range(601):
    k = torch.randint(0, N, (30,))
    l = ce(net(X[k]), Y[k])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 40 == 0:
        with torch.no_grad():
            o = net(vx); v = ce(o, vy).item()
        print(s, "train", round(l.item(), 4), "val", round(v, 4), "acc", (o.argmax(1) == vy).float().mean().item())
print("train", l.item(), "val", v, "acc", (o.argmax(1) == vy).float().mean().item())
