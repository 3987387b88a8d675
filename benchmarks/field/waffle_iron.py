import os, gzip, numpy as np, torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(92)
d = os.environ["MNIST_DIR"]
img = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784)
lab = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x = torch.tensor((img - 33.0) / 78.0, dtype=torch.float32)
y = torch.tensor(lab.astype(np.int64))
p = torch.randperm(len(x))
x, y = x[p], y[p]


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(784, 96)
        self.n1, self.n2 = nn.LayerNorm(96), nn.LayerNorm(96)
        self.up, self.down = nn.Linear(96, 192), nn.Linear(192, 96)
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(96, 10)

    def forward(self, x):
        h = self.inp(x)
        h = h + self.drop(self.down(F.gelu(self.up(self.n1(h)))))
        return self.out(self.drop(self.n2(h)))


net = Mlp()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.1)
total = 5 * 125
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 4e-3, total_steps=total)
for epoch in range(5):
    net.train()
    s = 0.0
    for b in torch.randperm(8000).split(64):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = F.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        s += loss.item() / 125
    net.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        o = net(x[8000:]).float()
    print(f"epoch {epoch} train {s:.4f} test {F.cross_entropy(o, y[8000:]).item():.4f} acc {(o.argmax(1) == y[8000:]).float().mean().item():.4f}")
