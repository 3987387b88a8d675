import copy
import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(117)
d = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x = F.avg_pool2d((torch.from_numpy(x.copy()).float() / 255 - 0.13) / 0.31, 2)
y = torch.from_numpy(y.copy()).long()


class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.n1, self.c1 = nn.GroupNorm(4, c), nn.Conv2d(c, c, 3, padding=1)
        self.n2, self.c2 = nn.GroupNorm(4, c), nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x):
        h = self.c1(F.silu(self.n1(x)))
        return x + self.c2(F.silu(self.n2(h)))


net = nn.Sequential(nn.Conv2d(1, 24, 3, 2, 1), Res(24), nn.Conv2d(24, 32, 3, 2, 1), Res(32),
                    nn.GroupNorm(4, 32), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
ema = copy.deepcopy(net).requires_grad_(False)
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.02)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 3e-3, total_steps=500)
for step in range(500):
    i = torch.randint(0, 8500, (64,))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = net(x[i])
    loss = F.cross_entropy(out.float(), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    with torch.no_grad():
        for a, b in zip(ema.parameters(), net.parameters()):
            a.lerp_(b, 0.02)
    if step % 50 == 0:
        print("step", step, "loss", round(loss.item(), 4))
with torch.no_grad():
    out = ema(x[8500:])
    print("final train", round(F.cross_entropy(ema(x[:2000]), y[:2000]).item(), 4), "test", round(F.cross_entropy(out, y[8500:]).item(), 4),
          "acc", round((out.argmax(1) == y[8500:]).float().mean().item(), 4))
