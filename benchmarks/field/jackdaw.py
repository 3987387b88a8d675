import gzip, os, numpy as np, torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(9)
R = os.environ["MNIST_DIR"]
X = torch.tensor(np.frombuffer(gzip.open(R + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:4000] / 255.0 - 0.13).float() / 0.31
Y = torch.tensor(np.frombuffer(gzip.open(R + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)[:4000].astype("int64"))
net = nn.Sequential(nn.Conv2d(1, 12, 5, 2), nn.ReLU(), nn.Conv2d(12, 24, 3, 2), nn.ReLU(), nn.Flatten(), nn.Dropout(0.3), nn.Linear(600, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-4)
best, bad, it = 1e9, 0, 0
while bad < 4 and it < 1200:
    net.train()
    k = torch.randint(0, 2800, (32,))
    l = nn.functional.cross_entropy(net(X[k]), Y[k])
    opt.zero_grad(); l.backward(); opt.step(); it += 1
    if it % 25 == 0:
        net.eval()
        with torch.no_grad(): o = net(X[3000:]); v = nn.functional.cross_entropy(o, Y[3000:]).item()
        if v < best - 1e-3: best, bad, keep = v, 0, {a: b.clone() for a, b in net.state_dict().items()}
        else: bad += 1
        if it % 100 == 0: print(it, l.item(), v)
net.load_state_dict(keep); net.eval()
with torch.no_grad():
    o = net(X[3000:])
    print("stopped", it, "train", nn.functional.cross_entropy(net(X[:2800]), Y[:2800]).item(), "val", best, "acc", (o.argmax(1) == Y[3000:]).float().mean().item())
