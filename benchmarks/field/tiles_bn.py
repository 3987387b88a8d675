import gzip, os, numpy as np, torch, torch.nn as nn
torch.manual_seed(17)
D = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(D + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open(D + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x = torch.tensor((x / 255.0 - 0.13) / 0.31, dtype=torch.float32); y = torch.tensor(y.astype("int64"))

def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride=2, padding=1, bias=True), nn.BatchNorm2d(o), nn.ReLU())

net = nn.Sequential(block(1, 12), block(12, 24), block(24, 32), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 5 * 125)
for ep in range(5):
    net.train()
    for c in torch.randperm(8000).split(64):
        loss = nn.functional.cross_entropy(net(x[c]), y[c])
        opt.zero_grad(); loss.backward(); opt.step(); sched.step()
    net.eval()
    with torch.no_grad():
        o = net(x[8000:])
    print(ep, loss.item(), "test", nn.functional.cross_entropy(o, y[8000:]).item(), "acc", (o.argmax(1) == y[8000:]).float().mean().item())
