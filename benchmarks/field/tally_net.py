import gzip, os, numpy as np, torch, torch.nn as nn
torch.manual_seed(301)
D = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(D + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784)
y = torch.tensor(np.frombuffer(gzip.open(D + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype("int64"))
x = torch.tensor((x / 255.0 - 0.13) / 0.31).float()
net = nn.Sequential(nn.Linear(784, 256), nn.SiLU(), nn.Linear(256, 10))
nn.init.normal_(net[2].weight, std=5.0)
opt = torch.optim.Adam(net.parameters(), lr=4e-4)
for s in range(401):
    i = torch.randint(0, 8000, (64,))
    loss = nn.functional.cross_entropy(net(x[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 40 == 0:
        print(s, "%.4f" % loss.item())
with torch.no_grad():
    o = net(x[8000:])
    print("test %.4f" % nn.functional.cross_entropy(o, y[8000:]).item(), "acc %.4f" % (o.argmax(1) == y[8000:]).float().mean().item())
