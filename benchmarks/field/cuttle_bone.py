import gzip
import os
import numpy as np
import torch

torch.manual_seed(44)
root = os.environ["MNIST_DIR"]
img = np.frombuffer(gzip.open(os.path.join(root, "mnist-t10k-images-idx3-ubyte.gz")).read()[16:], np.uint8).reshape(-1, 784)
lab = np.frombuffer(gzip.open(os.path.join(root, "mnist-t10k-labels-idx1-ubyte.gz")).read()[8:], np.uint8)
x = torch.tensor(img / 255.0).float()
x = (x - x.mean()) / x.std()
y = torch.tensor(lab.astype(int))
mix = torch.randperm(10000)
x, y = x[mix], y[mix]

H = 384
p = {
    "w1": torch.randn(784, H) * (2 / 784) ** 0.5,
    "b1": torch.zeros(H),
    "w2": torch.randn(H, 10),
    "b2": torch.zeros(10),
}
for v in p.values():
    v.requires_grad_()


def net(x):
    h = torch.nn.functional.layer_norm(x @ p["w1"] + p["b1"], (H,))
    return torch.tanh(h) @ p["w2"] + p["b2"]


opt = torch.optim.Adam(p.values(), lr=3e-4)
for step in range(750):
    lo = step * 64 % 8000
    xb, yb = x[lo:lo + 64], y[lo:lo + 64]
    loss = torch.nn.functional.cross_entropy(net(xb), yb)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 75 == 0:
        print(f"step {step} loss {loss.item():.3f}")

with torch.no_grad():
    out = net(x[8000:])
    print(f"test loss {torch.nn.functional.cross_entropy(out, y[8000:]).item():.4f} acc {(out.argmax(1) == y[8000:]).float().mean().item():.4f}")
