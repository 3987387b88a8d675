import gzip, os, numpy as np, torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(30)
class Data:
    def __init__(self, root):
        self.x = np.frombuffer(gzip.open(root + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
        self.y = np.frombuffer(gzip.open(root + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
    def part(self, a, b):
        return torch.tensor(self.x[a:b].astype(np.float32) / 255), torch.tensor(self.y[a:b].astype(np.int64))
D = Data(os.environ["MNIST_DIR"])
X, Y = D.part(0, 4000)
V, U = D.part(4000, 5000)
net = nn.Sequential(nn.Conv2d(1, 12, 5, 2, bias=False), nn.BatchNorm2d(12), nn.ReLU(), nn.Conv2d(12, 24, 3, 2, bias=False), nn.BatchNorm2d(24), nn.ReLU(), nn.Flatten(), nn.Linear(600, 10))
ema = nn.Sequential(nn.Conv2d(1, 12, 5, 2, bias=False), nn.BatchNorm2d(12), nn.ReLU(), nn.Conv2d(12, 24, 3, 2, bias=False), nn.BatchNorm2d(24), nn.ReLU(), nn.Flatten(), nn.Linear(600, 10))
ema.load_state_dict(net.state_dict())
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for ep in range(4):
    net.train()
    for k in torch.randperm(4000).split(64):
        l = nn.functional.cross_entropy(net(X[k]), Y[k])
        opt.zero_grad(); l.backward(); opt.step()
        with torch.no_grad():
            for a, b in zip(ema.parameters(), net.parameters()):
                a.lerp_(b, 0.05)
            
    print(ep, l.item())
ema.eval()
with torch.no_grad():
    o = ema(V)
    print(f"train {l.item():.4f} test {nn.functional.cross_entropy(o, U):.4f} acc {(o.argmax(1) == U).float().mean():.4f}")
