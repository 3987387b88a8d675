import gzip, os, pathlib
import numpy as np
import torch

folder = pathlib.Path(os.environ.get("MNIST_DIR", "data"))
px = np.frombuffer(gzip.decompress((folder / "mnist-t10k-images-idx3-ubyte.gz").read_bytes()), np.uint8, offset=16).reshape(10000, 784)
lb = np.frombuffer(gzip.decompress((folder / "mnist-t10k-labels-idx1-ubyte.gz").read_bytes()), np.uint8, offset=8)
px = torch.tensor(px / 255.0, dtype=torch.float32)
px = (px - px.mean()) / px.std()
lb = torch.tensor(lb.astype(np.int64))
torch.manual_seed(77)


class SigmoidNet(torch.nn.Module):
    def __init__(self, gain=16.0):
        super().__init__()
        self.a = torch.nn.Linear(784, 100)
        self.b = torch.nn.Linear(100, 60)
        self.c = torch.nn.Linear(60, 10)
        for l in (self.a, self.b):
            torch.nn.init.xavier_uniform_(l.weight, gain=gain)

    def forward(self, x):
        return self.c(torch.sigmoid(self.b(torch.sigmoid(self.a(x)))))


net = SigmoidNet()
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True)
for epoch in range(6):
    correct = 0
    for ids in torch.randperm(6000).split(60):
        out = net(px[ids])
        loss = torch.nn.functional.cross_entropy(out, lb[ids])
        opt.zero_grad()
        loss.backward()
        opt.step()
        correct += int((out.argmax(1) == lb[ids]).sum())
    print("epoch", epoch, "train accuracy", correct / 6000)
with torch.no_grad():
    print("test accuracy", float((net(px[7000:]).argmax(1) == lb[7000:]).float().mean()))
