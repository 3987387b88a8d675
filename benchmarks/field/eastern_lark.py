import gzip, os, numpy as np, torch
from torch.nn import Linear, Module, init, functional as F

folder = os.environ.get("MNIST_DIR", "data")
with gzip.open(os.path.join(folder, "mnist-t10k-images-idx3-ubyte.gz")) as f:
    pix = np.frombuffer(f.read(), np.uint8, offset=16).reshape(10000, 784).astype(np.float32)
with gzip.open(os.path.join(folder, "mnist-t10k-labels-idx1-ubyte.gz")) as f:
    dig = torch.from_numpy(np.frombuffer(f.read(), np.uint8, offset=8).astype(np.int64))
pix = torch.from_numpy((pix - pix.mean()) / pix.std())


class SigmoidNet(Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.top = Linear(784, 100), Linear(100, 60), Linear(60, 10)
        init.normal_(self.first.weight, std=1.0)
        init.normal_(self.second.weight, std=3.0)
        init.zeros_(self.first.bias); init.zeros_(self.second.bias)
        init.normal_(self.top.weight, std=0.1)

    def forward(self, x):
        return self.top(torch.sigmoid(self.second(torch.sigmoid(self.first(x)))))


torch.manual_seed(7)
model = SigmoidNet()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True)
perm = torch.randperm(10000)
tr, te = perm[:7000], perm[7000:]
for ep in range(12):
    for b in tr[torch.randperm(7000)].split(70):
        opt.zero_grad()
        loss = F.cross_entropy(model(pix[b]), dig[b])
        loss.backward()
        opt.step()
    if ep % 3 == 2:
        with torch.no_grad():
            out = model(pix[te])
            print("epoch", ep + 1, "test loss %.4f acc %.4f" % (F.cross_entropy(out, dig[te]), (out.argmax(1) == dig[te]).float().mean()))
