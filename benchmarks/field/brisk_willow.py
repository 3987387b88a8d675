import torch, torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
import gzip, os, numpy

torch.manual_seed(66)
raw = [numpy.frombuffer(gzip.open(os.environ.get("MNIST_DIR", "data") + f"/mnist-t10k-{k}-ubyte.gz").read(), numpy.uint8) for k in ("images-idx3", "labels-idx1")]
x = torch.tensor(raw[0][16:].reshape(-1, 1, 28, 28)[:, :, ::2, ::2] / 255, dtype=torch.float32)
y = torch.tensor(raw[1][8:].astype("int64"))
perm = torch.randperm(len(x))
xtr, ytr, xte, yte = x[perm[:8500]], y[perm[:8500]], x[perm[8500:]], y[perm[8500:]]
# crowd labels: a third are wrong
bad = torch.rand(8500) < 0.35
ytr = torch.where(bad, torch.randint(0, 10, (8500,)), ytr)

net = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1), nn.GroupNorm(3, 12), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(12, 24, 3, padding=1), nn.GroupNorm(3, 24), nn.ReLU(), nn.AdaptiveAvgPool2d(2),
    nn.Flatten(), nn.Linear(96, 10),
)
loader = DataLoader(TensorDataset(xtr, ytr), batch_size=2, shuffle=True)
opt = torch.optim.SGD(net.parameters(), lr=0.04, momentum=0.9)
steps, done = 2800, 0
while done < steps:
    for a, b in loader:
        loss = nn.functional.cross_entropy(net(a), b)
        opt.zero_grad()
        loss.backward()
        opt.step()
        done += 1
        if done % 400 == 0:
            with torch.no_grad():
                o = net(xte)
            print(done, f"test loss {nn.functional.cross_entropy(o, yte).item():.4f} acc {(o.argmax(1) == yte).float().mean().item():.4f}")
        if done == steps:
            break
