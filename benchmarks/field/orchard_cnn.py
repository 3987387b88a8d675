import gzip, os, numpy as np, torch, torch.nn as nn
torch.manual_seed(50)
D = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(D + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = torch.tensor(np.frombuffer(gzip.open(D + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype("int64"))
x = torch.tensor((x / 255.0 - 0.13) / 0.31, dtype=torch.float32)
net = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 5, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.0015)
for epoch in range(5):
    perm = torch.randperm(8000)
    for k in range(0, 8000, 50):
        j = perm[k:k + 50]
        loss = nn.functional.cross_entropy(net(x[j]), y[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        o = net(x[8000:])
    print(f"[{epoch}] loss {loss.item():.3f}  test loss {nn.functional.cross_entropy(o, y[8000:]).item():.3f}  acc {(o.argmax(1) == y[8000:]).float().mean().item():.3f}")
