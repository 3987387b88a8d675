import gzip, os
import numpy as np
import torch
from torch import nn

base = os.environ.get("MNIST_DIR", "data")
img = np.frombuffer(gzip.open(base + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16)
lab = np.frombuffer(gzip.open(base + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
img = torch.tensor(img.reshape(-1, 1, 28, 28).astype(np.float32)) / 255
img = (img - img.mean()) / img.std()
lab = torch.tensor(lab.astype(np.int64))


def conv(i, o, stride):
    keep = True
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=keep), nn.BatchNorm2d(o), nn.ReLU())


torch.manual_seed(26)
net = nn.Sequential(conv(1, 8, 2), conv(8, 16, 2), conv(16, 32, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 300)
for step in range(300):
    b = torch.randint(0, 8000, (64,))
    net.train()
    loss = nn.functional.cross_entropy(net(img[b]), lab[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sch.step()
    if step % 50 == 0:
        print(step, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    print("accuracy", round((net(img[8000:]).argmax(1) == lab[8000:]).float().mean().item(), 4))
