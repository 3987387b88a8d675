import gzip
import os
import struct
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(4)


def read_idx(path):
    with gzip.open(path, "rb") as f:
        raw = f.read()
    nd = raw[3]
    dims = struct.unpack(">" + "I" * nd, raw[4:4 + 4 * nd])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * nd).reshape(dims)


root = os.environ.get("MNIST_DIR", "data")
images = read_idx(os.path.join(root, "mnist-t10k-images-idx3-ubyte.gz"))
labels = read_idx(os.path.join(root, "mnist-t10k-labels-idx1-ubyte.gz"))
img = np.concatenate([np.concatenate(list(images[i * 2:i * 2 + 2]), 1) for i in range(2)], 0)
H, W = img.shape
target = torch.tensor(img / 255.0).float().reshape(-1, 1)
yy, xx = torch.meshgrid(torch.linspace(-1, 1, H), torch.linspace(-1, 1, W), indexing="ij")
coords = torch.stack([xx.flatten(), yy.flatten()], 1)
B = torch.randn(2, 32) * 6
feats = torch.cat([(coords @ B).sin(), (coords @ B).cos()], 1)
field = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 1))
opt = torch.optim.Adam(field.parameters(), lr=0.15)
for it in range(800):
    sel = torch.randint(0, H * W, (512,))
    loss = ((field(feats[sel]) - target[sel]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 80 == 0:
        print(it, loss.item())
with torch.no_grad():
    mse = ((field(feats) - target) ** 2).mean()
print("image mse", mse.item(), "psnr", (-10 * mse.log10()).item())
