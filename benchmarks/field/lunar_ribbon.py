import os, gzip, numpy as np
import torch, torch.nn as nn
import torch.nn.functional as F

dd = os.environ.get("MNIST_DIR", "data")
get = lambda f, o: np.frombuffer(gzip.open(os.path.join(dd, f)).read(), np.uint8, offset=o)
x = torch.tensor(get("mnist-t10k-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)[:, :, ::2, ::2].astype(np.float32)) / 128 - 1
y = torch.tensor(get("mnist-t10k-labels-idx1-ubyte.gz", 8).astype(np.int64))


class BNNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1)
        self.b1 = nn.BatchNorm2d(16)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1)
        self.b2 = nn.BatchNorm2d(32)
        self.fc = nn.Linear(32, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.b1(self.c1(x))), 2)
        x = F.relu(self.b2(self.c2(x)))
        return self.fc(x.amax((2, 3)))


torch.manual_seed(3)
net = BNNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(4):
    net.train()
    for b in torch.randperm(8000).split(100):
        loss = F.cross_entropy(net(x[b]), y[b])
        opt.zero_grad(); loss.backward(); opt.step()
    net.eval()
    with torch.no_grad():
        print(f"epoch {epoch} last loss {loss.item():.4f} test acc {(net(x[8000:]).argmax(1) == y[8000:]).float().mean().item():.4f}")
