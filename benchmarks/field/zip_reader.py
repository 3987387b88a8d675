import gzip, os, numpy as np, torch, torch.nn as nn
torch.manual_seed(2)
D = os.environ["MNIST_DIR"]
rd = lambda f, o: np.frombuffer(gzip.open(os.path.join(D, f)).read(), np.uint8, offset=o)
x = torch.tensor((rd("mnist-t10k-images-idx3-ubyte.gz", 16).reshape(-1, 784) / 255.0 - 0.13) / 0.31).float()
y = torch.tensor(rd("mnist-t10k-labels-idx1-ubyte.gz", 8).astype("int64"))
net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
for ep in range(4):
    net.train()
    for c in torch.randperm(8000).split(64):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            l = nn.functional.cross_entropy(net(x[c]).float(), y[c])
        opt.zero_grad(); l.backward(); opt.step()
    net.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        o = net(x[8000:]).float()
    print(ep, l.item(), "test", nn.functional.cross_entropy(o, y[8000:]).item(), (o.argmax(1) == y[8000:]).float().mean().item())
