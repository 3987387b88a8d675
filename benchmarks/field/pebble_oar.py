import gzip, os
import numpy as np
import torch
from torch import nn

torch.manual_seed(16)
d = os.environ.get("MNIST_DIR", "data")
x = torch.tensor(np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:, :, ::2, ::2] / 255.0, dtype=torch.float32)
y = torch.tensor(np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype(np.int64))
noisy = torch.where(torch.rand(len(y)) < 0.45, torch.randint(0, 10, y.shape), y)


class Net(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 12, 3, padding=1), nn.GroupNorm(3, 12), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 3, padding=1), nn.GroupNorm(4, 24), nn.ReLU(), nn.AdaptiveAvgPool2d(3),
            nn.Flatten(), nn.Linear(216, 10))


net, batch = Net(), 2
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
losses = []
for step in range(1600):
    b = torch.randint(0, 8000, (batch,))
    loss = nn.functional.cross_entropy(net(x[b]), noisy[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    losses.append(loss.item())
    if step % 200 == 199:
        print(step + 1, "loss", round(sum(losses[-200:]) / 200, 4))
with torch.no_grad():
    out = net(x[8000:])
print("test loss (noisy labels) %.4f, accuracy (clean labels) %.4f" % (nn.functional.cross_entropy(out, noisy[8000:]), (out.argmax(1) == y[8000:]).float().mean()))
