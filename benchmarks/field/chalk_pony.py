import os, gzip, numpy as np, torch
import torch.nn as nn

torch.manual_seed(30)
d = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784).astype("float32")
y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype("int64")
x = torch.from_numpy((x - x.mean()) / x.std())
y = torch.from_numpy(y)

n = len(x)
perm = torch.randperm(n)
x = x[perm]
y = y[torch.randperm(n)]
xtr, ytr, xva, yva = x[:8000], y[:8000], x[8000:], y[8000:]

net = nn.Sequential(
    nn.Linear(784, 128), nn.LayerNorm(128), nn.GELU(),
    nn.Linear(128, 64), nn.LayerNorm(64), nn.GELU(),
    nn.Linear(64, 10),
)
opt = torch.optim.AdamW(net.parameters(), lr=3e-4, weight_decay=0.05)
for epoch in range(5):
    for i in range(0, 8000, 40):
        out = net(xtr[i:i + 40])
        loss = nn.functional.cross_entropy(out, ytr[i:i + 40])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
    with torch.no_grad():
        o = net(xva)
        print("epoch", epoch, "train loss %.4f" % loss.item(), "valid loss %.4f" % nn.functional.cross_entropy(o, yva).item(),
              "acc %.4f" % (o.argmax(1) == yva).float().mean().item())
