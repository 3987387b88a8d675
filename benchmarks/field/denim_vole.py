import os
import gzip
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

SEED = 101
torch.manual_seed(SEED)


def mnist():
    out = []
    for name, off in (("images-idx3", 16), ("labels-idx1", 8)):
        with gzip.open(os.path.join(os.environ["MNIST_DIR"], f"mnist-t10k-{name}-ubyte.gz")) as fh:
            out.append(torch.from_numpy(np.frombuffer(fh.read(), np.uint8, offset=off).copy()))
    return out[0].view(-1, 1, 28, 28), out[1].long()


raw, target = mnist()
pix = F.interpolate(raw.float() / 255, size=16, mode="bilinear", align_corners=False)
pix = (pix - 0.13) / 0.3
order = torch.randperm(len(pix))
pix, target = pix[order], target[order]

widths = [1, 16, 24, 32]
convs = []
for i in range(3):
    conv = nn.Conv2d(widths[i], widths[i + 1], 3, stride=2 if i else 1, padding=1)
    nn.init.normal_(conv.weight, std=0.001)
    nn.init.zeros_(conv.bias)
    convs += [conv, nn.LeakyReLU(0.1)]
net = nn.Sequential(*convs, nn.Flatten(), nn.Linear(32 * 16, 10))

EPOCHS, B = 4, 64
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.03, total_steps=EPOCHS * (8000 // B))
for epoch in range(EPOCHS):
    perm = torch.randperm(8000)
    for k in range(8000 // B):
        j = perm[k * B:(k + 1) * B]
        loss = F.cross_entropy(net(pix[j]), target[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if k % 25 == 0:
            print(f"{epoch}.{k:03d} loss {loss.item():.4f}")
with torch.no_grad():
    out = net(pix[8000:])
    print(f"test loss {F.cross_entropy(out, target[8000:]).item():.4f} acc {(out.argmax(1) == target[8000:]).float().mean().item():.4f}")
